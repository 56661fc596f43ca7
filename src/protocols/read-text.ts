import type { NormalizedSchema } from "@smithy/core/schema";
import type { ProtocolError } from "./protocol-error.ts";

export interface TextRules {
  readonly mayBeFraction: boolean;
  readonly dates: "iso-8601" | "http-date";
  malformed(expected: string): ProtocolError;
}

/** A scalar that travels as text, in a form, a header or a query. Throws what `malformed` makes of one that does not fit. */
export function readText(schema: NormalizedSchema, text: string, rules: TextRules): unknown {
  if (schema.isBooleanSchema()) return readBoolean(text) ?? fail(rules.malformed("a boolean"));
  if (schema.isNumericSchema()) return readNumber(text, rules);
  if (schema.isTimestampSchema()) return readTimestamp(text, rules) ?? fail(rules.malformed("a timestamp"));
  if (schema.isBlobSchema()) return readBlob(text) ?? fail(rules.malformed("Base64"));
  return text;
}

/** IAM takes digits too; the word in other cases is what a few clients send. */
function readBoolean(text: string): boolean | undefined {
  if (/^(true|1)$/i.test(text)) return true;
  return /^(false|0)$/i.test(text) ? false : undefined;
}

/** Nineteen digits are what a long holds. */
function readNumber(text: string, { mayBeFraction, malformed }: TextRules): number {
  const form = mayBeFraction ? /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i : /^[+-]?\d{1,19}$/;
  const number = form.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : fail(malformed(mayBeFraction ? "a number" : "a whole number"));
}

function readTimestamp(text: string, { dates }: TextRules): Date | undefined {
  const date = dates === "http-date" ? readHttpDate(text) : readIsoDate(text);
  return date && !Number.isNaN(date.getTime()) ? date : undefined;
}

/** RFC 9110, section 5.6.7, in the one form that may still be written. */
function readHttpDate(text: string): Date | undefined {
  return /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(text)
    ? new Date(text)
    : undefined;
}

/** Botocore sends ISO 8601 with or without fraction and zone; a few clients send epoch seconds. */
function readIsoDate(text: string): Date | undefined {
  if (/^\d{1,12}(\.\d{1,9})?$/.test(text)) return new Date(Number(text) * 1000);
  const iso = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/i;
  const day = iso.exec(text)?.[1];
  if (day === undefined || !isDayOfCalendar(day)) return undefined;
  return new Date(/T/i.test(text) && !/(Z|[+-]\d\d:?\d\d)$/i.test(text) ? `${text}Z` : text);
}

/** `Date` reads the thirtieth of February as the second of March. */
function isDayOfCalendar(day: string): boolean {
  const date = new Date(day);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

/** `Buffer` skips what is not of the alphabet. */
function readBlob(text: string): Uint8Array | undefined {
  const isBase64 = text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
  return isBase64 ? new Uint8Array(Buffer.from(text, "base64")) : undefined;
}

function fail(error: ProtocolError): never {
  throw error;
}
