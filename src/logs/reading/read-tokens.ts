import { hash } from "node:crypto";
import type { LogPlace } from "../../telemetry/index.ts";
import { placeDigits, readPlace, writePlace } from "./event-ids.ts";

/** What a token of GetLogEvents says: read forward (`f`) or backward (`b`) from behind this place. */
export interface ReadToken {
  readonly direction: "f" | "b";
  readonly place: LogPlace;
}

/** The real service's tokens have 56 digits; those that the place leaves tie a token to its stream. */
const checkDigits = 56 - placeDigits;

export function writeReadToken(streamId: number, { direction, place }: ReadToken): string {
  const text = writePlace(place);
  return `${direction}/${text}${checkOf(streamId, text)}/s`;
}

/** Undefined for what `writeReadToken` never gave for this stream. */
export function readReadToken(streamId: number, token: string): ReadToken | undefined {
  const [, direction, text = "", check] = /^([fb])\/(\d{44})(\d{12})\/s$/.exec(token) ?? [];
  if (direction === undefined || check !== checkOf(streamId, text)) return undefined;
  return { direction: direction as ReadToken["direction"], place: readPlace(text) };
}

function checkOf(streamId: number, text: string): string {
  const number = Number.parseInt(hash("sha256", `${streamId}/${text}`).slice(0, 12), 16);
  return String(number % 10 ** checkDigits).padStart(checkDigits, "0");
}
