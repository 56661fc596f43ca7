/** Time ranges of the log explorer: presets that move with the clock. */
export const logRanges = [
  { value: "5m", label: "Last 5 minutes", millis: 5 * 60_000 },
  { value: "15m", label: "Last 15 minutes", millis: 15 * 60_000 },
  { value: "30m", label: "Last 30 minutes", millis: 30 * 60_000 },
  { value: "1h", label: "Last hour", millis: 3_600_000 },
  { value: "3h", label: "Last 3 hours", millis: 3 * 3_600_000 },
  { value: "12h", label: "Last 12 hours", millis: 12 * 3_600_000 },
  { value: "1d", label: "Last day", millis: 86_400_000 },
  { value: "3d", label: "Last 3 days", millis: 3 * 86_400_000 },
  { value: "7d", label: "Last 7 days", millis: 7 * 86_400_000 },
  { value: "14d", label: "Last 14 days", millis: 14 * 86_400_000 },
  { value: "30d", label: "Last 30 days", millis: 30 * 86_400_000 },
] as const;
export type LogRangePreset = (typeof logRanges)[number]["value"];

export const defaultLogRange: LogRangePreset = "1h";
