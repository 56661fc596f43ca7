import { hash } from "node:crypto";
import { AppError } from "./app-error.ts";

/** Where a page ends: the values by which the list is ordered. */
export type Position = readonly (string | number)[];

/** What stands at one place of a position; a `natural` is no less than 0. */
export type PositionKind = "text" | "integer" | "natural";

export type PositionOf<Kinds extends readonly PositionKind[]> = {
  -readonly [Place in keyof Kinds]: Kinds[Place] extends "text" ? string : number;
};

const digestCharacters = 16;

/**
 * A token says where the next page begins, for one list only: it is refused for another operation, other parameters, or when a
 * character of it was changed. It is no secret; it holds nothing that its reader has not just read.
 */
export function writeToken(list: readonly unknown[], position: Position): string {
  const payload = Buffer.from(JSON.stringify(position)).toString("base64url");
  return digest(list, payload) + payload;
}

/**
 * Undefined for what `writeToken` never gave for this list, or is no position of these kinds: whoever knows how can make a token
 * of anything.
 */
export function readToken<const Kinds extends readonly PositionKind[]>(
  list: readonly unknown[],
  token: string,
  kinds: Kinds,
): PositionOf<Kinds> | undefined {
  const payload = token.slice(digestCharacters);
  if (payload === "" || token !== digest(list, payload) + payload) return undefined;
  const values = parseList(Buffer.from(payload, "base64url").toString());
  const isPosition =
    values?.length === kinds.length && kinds.every((kind, place) => isOf[kind](values[place]));
  return isPosition ? (values as PositionOf<Kinds>) : undefined;
}

const isOf: Readonly<Record<PositionKind, (value: unknown) => boolean>> = {
  text: (value) => typeof value === "string",
  integer: Number.isSafeInteger,
  natural: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
};

function parseList(json: string): unknown[] | undefined {
  try {
    const values: unknown = JSON.parse(json);
    return Array.isArray(values) ? values : undefined;
  } catch {
    return undefined;
  }
}

/** What the REST API says to a cursor that its query did not give. */
export function wrongCursor(): AppError {
  const message = "The cursor belongs to another query. Start again without it.";
  return new AppError("validation_failed", { message, fields: [{ path: "cursor", message }] });
}

function digest(list: readonly unknown[], payload: string): string {
  return hash("sha256", JSON.stringify([list, payload]), "base64url").slice(0, digestCharacters);
}
