import {
  type Position,
  type PositionKind,
  type PositionOf,
  readToken,
  writeToken,
} from "../../base/index.ts";
import { invalidParameter } from "./checks.ts";

/**
 * Where a page begins and how long it is. `list` is all that decides which items there are and in which order, `kinds` what its tokens hold. Throws
 * InvalidParameterException for a token that is not of this list.
 */
export function readPage<const Kinds extends readonly PositionKind[]>(
  list: readonly unknown[],
  input: { readonly nextToken?: string | undefined; readonly limit?: number | undefined },
  defaultLimit: number,
  kinds: Kinds,
): { after: PositionOf<Kinds> | undefined; limit: number } {
  const limit = input.limit ?? defaultLimit;
  if (input.nextToken === undefined) return { after: undefined, limit };
  const after = readToken(list, input.nextToken, kinds);
  if (!after) throw invalidParameter("The specified nextToken is invalid.");
  return { after, limit };
}

/** Nothing when the page was the last. */
export function writeNextToken(
  list: readonly unknown[],
  hasMore: boolean,
  ...position: (string | number | undefined)[]
): { nextToken?: string } {
  return hasMore ? { nextToken: writeToken(list, position as Position) } : {};
}
