import type { RangeChoice, RangePreset } from "./time-range.ts";

/** Parts of addresses, which people may have edited: what does not fit is undefined. */

/** Numbers and `true` that somebody searched for come out of an address as such. */
export function textOf(value: unknown): string | undefined {
  const plain = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  return typeof plain === "string" && plain !== "" ? plain : undefined;
}

/** A known preset, and a fixed range when both of its ends are there. */
export function rangeOf<Value extends string>(
  presets: readonly RangePreset<Value>[],
  search: Record<string, unknown>,
): RangeChoice<Value> {
  const from = momentOf(search.from);
  const to = momentOf(search.to);
  const fixed = from !== undefined && to !== undefined && from < to;
  return {
    range: presets.find((preset) => preset.value === search.range)?.value,
    from: fixed ? from : undefined,
    to: fixed ? to : undefined,
  };
}

const momentOf = (value: unknown) =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;

export function withoutUndefined<T extends object>(search: { [K in keyof T]?: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as T;
}
