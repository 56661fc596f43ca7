import type { MetricQuery } from "@nephoscope/contract";
import { type RangePreset, rangePresets, resolveRange } from "./time-range.ts";

export type Aggregation = MetricQuery["aggregation"];

/** Listed here too, so that reading an address does not load every schema of the contract. */
const aggregations: readonly Aggregation[] = ["avg", "sum", "min", "max", "count", "last"];

/** The whole state of the explorer, as the address carries it: a link shows somebody else the same chart. */
export interface MetricsSearch {
  ns?: string;
  metric?: string;
  stat?: string;
  agg?: Aggregation;
  /** Labels that keep series apart; absent keeps all apart, empty makes one of all. */
  by?: string[];
  region?: string;
  account?: string;
  dims?: Record<string, string[]>;
  range?: RangePreset;
  /** A fixed range, in epoch milliseconds; wins over `range`. */
  from?: number;
  to?: number;
  step?: number;
  limit?: number;
  view?: "table";
}

/** What a control changes; undefined takes a part out of the address. */
export type SearchChange = { [K in keyof MetricsSearch]?: MetricsSearch[K] | undefined };

const textOf = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const numberOf = (value: unknown) => (typeof value === "number" && value > 0 ? value : undefined);

function textsOf(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : undefined;
}

function dimensionsOf(value: unknown): Record<string, string[]> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value).map(([name, values]) => [name, textsOf(values) ?? []] as const);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Reads an address that people may have edited: what does not fit is left out. */
export function metricsSearchOf(search: Record<string, unknown>): MetricsSearch {
  const from = numberOf(search.from);
  const to = numberOf(search.to);
  const fixed = from !== undefined && to !== undefined && from < to;
  return withoutUndefined({
    ns: textOf(search.ns),
    metric: textOf(search.metric),
    stat: textOf(search.stat),
    agg: aggregations.find((name) => name === search.agg),
    by: textsOf(search.by),
    region: textOf(search.region),
    account: textOf(search.account === undefined ? undefined : String(search.account)),
    dims: dimensionsOf(search.dims),
    range: rangePresets.find((preset) => preset.value === search.range)?.value,
    from: fixed ? from : undefined,
    to: fixed ? to : undefined,
    step: numberOf(search.step),
    limit: numberOf(search.limit),
    view: search.view === "table" ? "table" : undefined,
  });
}

export function withoutUndefined(
  search: {
    [K in keyof MetricsSearch]: MetricsSearch[K] | undefined;
  },
): MetricsSearch {
  return Object.fromEntries(
    Object.entries(search).filter(([, value]) => value !== undefined),
  ) as MetricsSearch;
}

export const defaultLimit = 50;

/** The query of an address at a moment; undefined until metric and statistic are chosen. */
export function queryOf(search: MetricsSearch, now: number): MetricQuery | undefined {
  if (search.ns === undefined || search.metric === undefined || search.stat === undefined) return undefined;
  const dimensions = Object.fromEntries(
    Object.entries(search.dims ?? {}).filter(([, values]) => values.length > 0),
  );
  return {
    namespace: search.ns,
    metricName: search.metric,
    statistic: search.stat,
    ...(search.region === undefined ? {} : { region: search.region }),
    ...(search.account === undefined ? {} : { accountId: search.account }),
    dimensions,
    ...resolveRange(search, now),
    ...(search.step === undefined ? {} : { stepSeconds: search.step }),
    aggregation: search.agg ?? defaultAggregation(search.stat),
    ...(search.by === undefined ? {} : { groupBy: search.by }),
    limit: search.limit ?? defaultLimit,
    finality: "all",
  };
}

/** Sums add up across series, extremes stay extremes; anything else is averaged. */
export function defaultAggregation(statistic: string): Aggregation {
  if (statistic === "Sum" || statistic === "SampleCount") return "sum";
  if (statistic === "Maximum") return "max";
  if (statistic === "Minimum") return "min";
  return "avg";
}
