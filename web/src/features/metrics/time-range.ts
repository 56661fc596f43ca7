import { rangePresets } from "../../ui/time-range.ts";

export const metricRanges = rangePresets("1h", "3h", "12h", "1d", "3d", "7d", "30d", "90d");
export type MetricRangePreset = (typeof metricRanges)[number]["value"];

export const defaultMetricRange: MetricRangePreset = "3h";
