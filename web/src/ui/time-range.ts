export interface RangePreset<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly millis: number;
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
