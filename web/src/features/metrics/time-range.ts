/** Time ranges of the explorer: presets that move with the clock. */
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
