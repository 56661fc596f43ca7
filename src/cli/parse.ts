import { usageError } from "./cli-error.ts";

/** `name=value` options as a record. */
export function parsePairs(pairs: readonly string[] | undefined, flag: string): Record<string, string> {
  return Object.fromEntries(
    (pairs ?? []).map((pair) => {
      const at = pair.indexOf("=");
      if (at < 1) throw usageError(`${flag} takes name=value, not: ${pair}`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

export function parseInteger(text: string, flag: string): number {
  if (!/^\d{1,9}$/.test(text)) throw usageError(`${flag} takes a whole number, not: ${text}`);
  return Number(text);
}

/** Of a list whose pages are followed: the server is not asked for none. */
export function parseLimit(text: string): number {
  const limit = parseInteger(text, "--limit");
  if (limit === 0) throw usageError("--limit is at least 1.");
  return limit;
}

export function parseSwitch(text: string, flag: string): boolean {
  if (text !== "on" && text !== "off") throw usageError(`${flag} is on or off, not: ${text}`);
  return text === "on";
}

/** An amount of US dollars, such as 5 or 0.50. */
export function parseUsd(text: string, flag: string): number {
  if (!/^\d{1,7}(\.\d{1,6})?$/.test(text)) throw usageError(`${flag} takes US dollars, not: ${text}`);
  return Number(text);
}

const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** `now`, a time ago such as `-3h`, or ISO 8601; in epoch milliseconds. */
export function parseTime(text: string, flag: string, now: number): number {
  if (text === "now") return now;
  const ago = /^-(\d{1,6})([smhdw])$/.exec(text);
  if (ago !== null) return now - Number(ago[1]) * (unitMs[ago[2] as string] as number);
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw usageError(`${flag} takes now, a time ago such as -3h, or ISO 8601, not: ${text}`);
  return time;
}

export function parseRange(range: { from: string; to: string }, now: number): { from: number; to: number } {
  const from = parseTime(range.from, "--from", now);
  const to = parseTime(range.to, "--to", now);
  if (from >= to) throw usageError("--from is before --to.");
  return { from, to };
}

/** Leaves out what was not given, so that the server's defaults hold. */
export function withoutAbsent<T extends Record<string, unknown>>(record: T): Partial<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Partial<T>;
}
