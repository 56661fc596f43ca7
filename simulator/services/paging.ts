import { ProtocolError } from "../../src/protocols/index.ts";

export interface Page<T> {
  readonly items: readonly T[];
  /** Undefined on the last page. */
  readonly nextToken: string | undefined;
}

/**
 * One page of a list. The token is the position, tied to `scope` so that a token of another question is refused
 * with `invalidTokenCode`, as AWS does.
 */
export function paginate<T>(
  all: readonly T[],
  request: { token: string | undefined; pageSize: number; scope: string; invalidTokenCode: string },
): Page<T> {
  const start = request.token ? decodeToken(request.token, request.scope, request.invalidTokenCode) : 0;
  const end = start + request.pageSize;
  return {
    items: all.slice(start, end),
    nextToken: end < all.length ? encodeToken(end, request.scope) : undefined,
  };
}

export function encodeToken(position: number, scope: string): string {
  return Buffer.from(JSON.stringify([position, scope])).toString("base64");
}

export function decodeToken(token: string, scope: string, invalidTokenCode: string): number {
  const position = parseToken(token, scope);
  if (position === undefined) throw new ProtocolError(invalidTokenCode, "The next token is not valid.");
  return position;
}

function parseToken(token: string, scope: string): number | undefined {
  try {
    const [position, tokenScope] = JSON.parse(Buffer.from(token, "base64").toString()) as [unknown, unknown];
    return Number.isSafeInteger(position) && (position as number) >= 0 && tokenScope === scope
      ? (position as number)
      : undefined;
  } catch {
    return undefined;
  }
}
