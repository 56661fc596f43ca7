import { rangePresets } from "../../ui/time-range.ts";

export const logRanges = rangePresets("5m", "15m", "30m", "1h", "3h", "12h", "1d", "3d", "7d", "14d", "30d");
export type LogRangePreset = (typeof logRanges)[number]["value"];

export const defaultLogRange: LogRangePreset = "1h";
