export interface RangePreset<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly millis: number;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const known = [
  { value: "5m", label: "Last 5 minutes", millis: 5 * minute },
  { value: "15m", label: "Last 15 minutes", millis: 15 * minute },
  { value: "30m", label: "Last 30 minutes", millis: 30 * minute },
  { value: "1h", label: "Last hour", millis: hour },
  { value: "3h", label: "Last 3 hours", millis: 3 * hour },
  { value: "12h", label: "Last 12 hours", millis: 12 * hour },
  { value: "1d", label: "Last day", millis: day },
  { value: "3d", label: "Last 3 days", millis: 3 * day },
  { value: "7d", label: "Last 7 days", millis: 7 * day },
  { value: "14d", label: "Last 14 days", millis: 14 * day },
  { value: "30d", label: "Last 30 days", millis: 30 * day },
  { value: "90d", label: "Last 90 days", millis: 90 * day },
] as const;

/** Those of the known presets that an explorer offers, the shortest first. */
export function rangePresets<Value extends (typeof known)[number]["value"]>(
  ...offered: readonly Value[]
): readonly RangePreset<Value>[] {
  return known.filter((preset): preset is typeof preset & { value: Value } =>
    offered.some((value) => value === preset.value),
  );
}

/** A preset that moves with the clock, or a fixed range in epoch milliseconds, which wins. */
export interface RangeChoice<Value extends string> {
  range?: Value | undefined;
  from?: number | undefined;
  to?: number | undefined;
}

export const isFixed = (choice: RangeChoice<string>) => choice.from !== undefined && choice.to !== undefined;

/** The range at a moment; without a choice it is that of the preset `fallback`. */
export function resolveRange<Value extends string>(
  presets: readonly RangePreset<Value>[],
  choice: RangeChoice<Value>,
  fallback: Value,
  now: number,
): { from: number; to: number } {
  if (choice.from !== undefined && choice.to !== undefined) return { from: choice.from, to: choice.to };
  const wanted = choice.range ?? fallback;
  const millis = presets.find((preset) => preset.value === wanted)?.millis ?? 3_600_000;
  return { from: now - millis, to: now };
}
