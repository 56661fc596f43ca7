/** Time ranges of the explorer: presets that move with the clock, and fixed ones. */
export const rangePresets = [
  { value: "1h", label: "Last hour", millis: 3_600_000 },
  { value: "3h", label: "Last 3 hours", millis: 3 * 3_600_000 },
  { value: "12h", label: "Last 12 hours", millis: 12 * 3_600_000 },
  { value: "1d", label: "Last day", millis: 86_400_000 },
  { value: "3d", label: "Last 3 days", millis: 3 * 86_400_000 },
  { value: "7d", label: "Last 7 days", millis: 7 * 86_400_000 },
  { value: "30d", label: "Last 30 days", millis: 30 * 86_400_000 },
  { value: "90d", label: "Last 90 days", millis: 90 * 86_400_000 },
] as const;
export type RangePreset = (typeof rangePresets)[number]["value"];

export const defaultRange: RangePreset = "3h";

export interface RangeChoice {
  range?: RangePreset;
  from?: number;
  to?: number;
}

export function resolveRange(choice: RangeChoice, now: number): { from: number; to: number } {
  if (choice.from !== undefined && choice.to !== undefined) return { from: choice.from, to: choice.to };
  const preset = rangePresets.find((candidate) => candidate.value === (choice.range ?? defaultRange));
  return { from: now - (preset?.millis ?? 3 * 3_600_000), to: now };
}

export const isFixed = (choice: RangeChoice) => choice.from !== undefined && choice.to !== undefined;

/** Local time as `<input type="datetime-local">` takes it. */
export function toLocalInput(at: number): string {
  const shifted = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}
