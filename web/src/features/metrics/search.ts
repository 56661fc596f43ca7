import type { MetricQuery } from "@nephoscope/contract";
import { resolveRange } from "../../ui/time-range.ts";
import { defaultMetricRange, type MetricRangePreset, metricRanges } from "./time-range.ts";

export type Aggregation = MetricQuery["aggregation"];

/** Listed here too, so that reading an address does not load every schema of the contract. */
const aggregations: readonly Aggregation[] = ["avg", "sum", "min", "max", "count", "last"];

/** One metric of the chart; without a statistic it is still being chosen. */
export interface MetricPart {
  ns?: string;
  metric?: string;
  stat?: string;
  agg?: Aggregation;
  /** Labels that keep series apart; absent keeps all apart, empty makes one of all. */
  by?: string[];
  region?: string;
  account?: string;
  dims?: Record<string, string[]>;
}

/**
 * The whole state of the explorer, as the address carries it: a link shows somebody else the same chart. Its first
 * metric stands in the address itself, those added to it in `more`.
 */
export interface MetricsSearch extends MetricPart {
  more?: MetricPart[];
  /** Which metric the fields edit; absent is the first. */
  edit?: number;
  /** Draws the week before beside it. */
  compare?: "week";
  /** Leaves out points that may still change. */
  settled?: true;
  range?: MetricRangePreset;
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

/** More metrics than this make no chart that anybody can read. */
export const metricsMost = 6;

function partOf(given: unknown): MetricPart {
  const part = (typeof given === "object" && given !== null ? given : {}) as Record<string, unknown>;
  return withoutUndefined<MetricPart>({
    ns: textOf(part.ns),
    metric: textOf(part.metric),
    stat: textOf(part.stat),
    agg: aggregations.find((name) => name === part.agg),
    by: textsOf(part.by),
    region: textOf(part.region),
    account: textOf(part.account === undefined ? undefined : String(part.account)),
    dims: dimensionsOf(part.dims),
  });
}

/** Reads an address that people may have edited: what does not fit is left out. */
export function metricsSearchOf(search: Record<string, unknown>): MetricsSearch {
  const from = numberOf(search.from);
  const to = numberOf(search.to);
  const fixed = from !== undefined && to !== undefined && from < to;
  const more = Array.isArray(search.more) ? search.more.slice(0, metricsMost - 1).map(partOf) : [];
  const edit = numberOf(search.edit);
  return withoutUndefined({
    ...partOf(search),
    more: more.length === 0 ? undefined : more,
    edit: edit !== undefined && edit <= more.length ? Math.floor(edit) : undefined,
    compare: search.compare === "week" ? "week" : undefined,
    settled: search.settled === true ? true : undefined,
    range: metricRanges.find((preset) => preset.value === search.range)?.value,
    from: fixed ? from : undefined,
    to: fixed ? to : undefined,
    step: numberOf(search.step),
    limit: numberOf(search.limit),
    view: search.view === "table" ? "table" : undefined,
  });
}

export function withoutUndefined<T extends object = MetricsSearch>(
  search: {
    [K in keyof T]: T[K] | undefined;
  },
): T {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as T;
}

const partNames = ["ns", "metric", "stat", "agg", "by", "region", "account", "dims"] as const;

/** The metrics of an address in their order, the first one included. */
export function partsOf(search: MetricsSearch): MetricPart[] {
  return [partOf(search), ...(search.more ?? [])];
}

/** The address with other metrics; the first of them moves up when the one before it is gone. */
export function withParts(search: MetricsSearch, parts: readonly MetricPart[], edit: number): MetricsSearch {
  const [first = {}, ...more] = parts;
  const rest = Object.fromEntries(
    Object.entries(search).filter(([name]) => !(partNames as readonly string[]).includes(name)),
  );
  return withoutUndefined<MetricsSearch>({
    ...rest,
    ...first,
    more: more.length === 0 ? undefined : more,
    edit: edit > 0 && edit < parts.length ? edit : undefined,
  });
}

/** The address as the fields see it that edit one of its metrics. */
export function searchOfPart(search: MetricsSearch, index: number): MetricsSearch {
  return { ...withParts(search, [partsOf(search)[index] ?? {}], 0) };
}

/** What a field changed, brought into the metric that it edits; what belongs to all stays with the address. */
export function changePart(search: MetricsSearch, index: number, change: SearchChange): MetricsSearch {
  const parts = partsOf(search);
  const changed = withoutUndefined<MetricsSearch>({ ...searchOfPart(search, index), ...change });
  parts[index] = partOf(changed);
  return withParts(changed, parts, index);
}

const defaultLimit = 50;

/** The query of an address' first metric at a moment; undefined until metric and statistic are chosen. */
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
    ...resolveRange(metricRanges, search, defaultMetricRange, now),
    ...(search.step === undefined ? {} : { stepSeconds: search.step }),
    aggregation: search.agg ?? defaultAggregation(search.stat),
    ...(search.by === undefined ? {} : { groupBy: search.by }),
    limit: search.limit ?? defaultLimit,
    finality: search.settled === true ? "settled" : "all",
  };
}

/** Sums add up across series, extremes stay extremes; anything else is averaged. */
export function defaultAggregation(statistic: string): Aggregation {
  if (statistic === "Sum" || statistic === "SampleCount") return "sum";
  if (statistic === "Maximum") return "max";
  if (statistic === "Minimum") return "min";
  return "avg";
}
