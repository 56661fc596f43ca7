import type { EventSink } from "../formats/sink.ts";
import { IngestRefusal } from "../refusal.ts";
import { skipSpace } from "./scan.ts";

const quote = 0x22;
const backslash = 0x5c;
const zero = 0x30;
const closeBracket = 0x5d;
const comma = 0x2c;

/** The most digits that always fit into a number exactly. */
const exactDigits = 15;

/** How deep the values of a body may be nested; what is deeper is refused before anything recurses. */
export const depthMax = 64;

/** Whether the value that starts here is a number; it is known to be JSON. */
export function startsNumber(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at] as number;
  return (byte >= zero && byte <= 0x39) || byte === 0x2d;
}

/**
 * A member `timestamp` of the JSON formats: a number of epoch milliseconds, cut to whole ones. Undefined when it is absent or is no
 * number, also for a number in quotes.
 */
export function readTimestamp(body: Buffer, from: number, to: number): number | undefined {
  if (from === to || !startsNumber(body, from)) return undefined;
  if (to - from > exactDigits) return Math.trunc(Number(body.toString("latin1", from, to)));
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = (body[i] as number) - zero;
    if (digit < 0 || digit > 9) return Math.trunc(Number(body.toString("latin1", from, to)));
    value = value * 10 + digit;
  }
  return value;
}

/** The text of a JSON string; `from` and `to` include the quotes. */
export function readString(body: Buffer, from: number, to: number): string {
  const text = body.toString("utf8", from, to);
  return text.includes("\\") ? (JSON.parse(text) as string) : text.slice(1, -1);
}

/** Adds a JSON value as an event: a string as its content, everything else as it was sent. */
export function addValue(
  sink: EventSink,
  timestampMs: number | undefined,
  body: Buffer,
  from: number,
  to: number,
): void {
  if (body[from] !== quote) sink.addBytes(timestampMs, body, from, to);
  else if (hasEscape(body, from, to)) sink.addText(timestampMs, readString(body, from, to));
  else sink.addBytes(timestampMs, body, from + 1, to - 1);
}

/**
 * The end of the array that starts at `at`. `element` reads the value that starts where it is told, and gives its end; it throws for
 * what is no value.
 */
export function readArray(body: Buffer, at: number, element: (at: number) => number): number {
  let i = skipSpace(body, at + 1);
  if (body[i] === closeBracket) return i + 1;
  for (;;) {
    i = skipSpace(body, element(i));
    if (body[i] === closeBracket) return i + 1;
    if (body[i] !== comma) throw malformedJson(i);
    i = skipSpace(body, i + 1);
  }
}

export function malformedJson(at: number): IngestRefusal {
  return new IngestRefusal(
    "body_malformed",
    `The body is not JSON, or is nested deeper than ${depthMax} levels: the value at byte ${at} cannot be read.`,
  );
}

function hasEscape(body: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (body[i] === backslash) return true;
  return false;
}
