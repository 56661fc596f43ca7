import type { Operator } from "./operator.ts";
import { orderedOperators } from "./ordered.ts";

export const dateOperators: readonly Operator[] = orderedOperators("Date", "date", readInstant);

const year = /^\d{4}$/;
const epochSeconds = /^-?\d+(\.\d+)?$/;
const w3cDate = /^\d{4}-\d{2}(-\d{2})?$/;
const w3cTime = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[-+]\d{2}:?\d{2})?$/;

/** Milliseconds of a date in W3C's profile of ISO 8601 or of seconds since 1970; four digits alone are a year, as W3C has it. */
function readInstant(text: string): number | undefined {
  if (epochSeconds.test(text) && !year.test(text)) return Number(text) * 1000;
  if (year.test(text) || w3cDate.test(text)) return finite(Date.parse(text));
  const time = w3cTime.exec(text);
  if (!time) return undefined;
  const zone = (time[2] ?? "Z").replace(/^([-+]\d{2})(\d{2})$/, "$1:$2");
  return finite(Date.parse(`${time[1]}${zone}`));
}

function finite(milliseconds: number): number | undefined {
  return Number.isFinite(milliseconds) ? milliseconds : undefined;
}
