import type { z } from "zod";
import { AppError, type Clock } from "../base/index.ts";
import type {
  metricChangePage,
  metricChangeQuery,
  metricDelayList,
  metricDelayQuery,
} from "../contract/collection.ts";
import { pageOf } from "../contract/index.ts";
import type {
  dimensionFindQuery,
  dimensionList,
  MetricQuery,
  MetricQueryResult,
  metricFindQuery,
  metricPage,
  namespaceFindQuery,
  namespaceList,
  seriesFindQuery,
  seriesPage,
} from "../contract/metric.ts";
import { hostNameTag, wireMetricName, wireSeries } from "../contract/wire-metric.ts";
import type { BucketSeries, Metrics, SelectionSummary, SeriesRow } from "../telemetry/index.ts";
import { createOriginReader, type FinalitySource, type SeriesFinality } from "./finality.ts";
import { alignRange, chooseStep } from "./steps.ts";

export interface QueryLimits {
  /** Series that a query may read. */
  readonly seriesReadMax: number;
  /** Points in one answer. */
  readonly pointsMax: number;
  /** Buckets of a series when the step is chosen for the caller. */
  readonly bucketsChosenMax: number;
  readonly rangeDaysMax: number;
  readonly timeMsMax: number;
  readonly memoryBytesMax: number;
  /** Pairs of series and bucket that the store may hold while it groups. */
  readonly groupsMax: number;
  /** Buckets of a series, with and without points. */
  readonly bucketsMax: number;
}

export const defaultQueryLimits: QueryLimits = {
  seriesReadMax: 50_000,
  pointsMax: 500_000,
  bucketsChosenMax: 1_500,
  // CloudWatch keeps hourly values for 455 days.
  rangeDaysMax: 455,
  timeMsMax: 15_000,
  memoryBytesMax: 800_000_000,
  groupsMax: 10_000_000,
  bucketsMax: 1_000_000,
};

/** Throws `validation_failed`, `query_too_large`, `query_timed_out`, `store_unavailable`. */
export interface MetricsQueries {
  findNamespaces(query: z.infer<typeof namespaceFindQuery>): Promise<z.infer<typeof namespaceList>>;
  findMetrics(query: z.infer<typeof metricFindQuery>): Promise<z.infer<typeof metricPage>>;
  findDimensions(query: z.infer<typeof dimensionFindQuery>): Promise<z.infer<typeof dimensionList>>;
  findSeries(query: z.infer<typeof seriesFindQuery>): Promise<z.infer<typeof seriesPage>>;
  query(query: MetricQuery): Promise<MetricQueryResult>;
  findChanges(query: z.infer<typeof metricChangeQuery>): Promise<z.infer<typeof metricChangePage>>;
  findDelays(query: z.infer<typeof metricDelayQuery>): Promise<z.infer<typeof metricDelayList>>;
}

/** What is read from the telemetry store. */
export type MetricStore = Pick<
  Metrics,
  | "findNamespaces"
  | "findMetrics"
  | "findDimensions"
  | "findSeries"
  | "summarize"
  | "query"
  | "findChanges"
  | "findDelays"
>;

interface Deps {
  readonly metrics: MetricStore;
  readonly finality: FinalitySource;
  readonly clock: Clock;
  readonly limits: QueryLimits;
}

export function createMetricsQueries(deps: {
  telemetry: { readonly metrics: MetricStore };
  finality: FinalitySource;
  clock: Clock;
  limits?: Partial<QueryLimits>;
}): MetricsQueries {
  const { metrics } = deps.telemetry;
  const limits = { ...defaultQueryLimits, ...deps.limits };
  return {
    findNamespaces: async (query) => ({ items: await metrics.findNamespaces(query) }),
    findMetrics: async ({ offset, limit, ...filter }) => {
      const { items, totalItems } = await metrics.findMetrics(filter, { offset, limit });
      const summaries = items.map(({ lastSeenMs, unit, ...item }) => ({
        ...item,
        wireName: wireMetricName(item.namespace, item.metricName),
        unit: unitOrNull(unit),
        lastSeenAt: new Date(lastSeenMs).toISOString(),
      }));
      return pageOf(summaries, { offset, limit }, totalItems);
    },
    findDimensions: async ({ limit, ...filter }) => {
      const items = await metrics.findDimensions(filter, { limit });
      return { items: items.map((item) => ({ ...item, truncated: item.totalValues > item.values.length })) };
    },
    findSeries: async ({ offset, limit, ...filter }) => {
      const { items, totalItems } = await metrics.findSeries(filter, { offset, limit });
      return pageOf(items.map(describeSeries), { offset, limit }, totalItems);
    },
    query: (query) => runQuery({ metrics, limits, finality: deps.finality, clock: deps.clock }, query),
    findChanges: async ({ offset, limit, ...filter }) => {
      const { items, totalItems } = await metrics.findChanges(filter, { offset, limit });
      const changes = items.map(({ atMs, seenMs, ...item }) => ({
        ...item,
        at: new Date(atMs).toISOString(),
        seenAt: new Date(seenMs).toISOString(),
      }));
      return pageOf(changes, { offset, limit }, totalItems);
    },
    findDelays: async (query) => ({ items: await metrics.findDelays(query) }),
  };
}

/** The stored name of an instance is no tag; it is told as the source. */
function describeSeries({ accountAlias, firstSeenMs, lastSeenMs, unit, ...item }: SeriesRow) {
  const { [hostNameTag]: _source, ...tags } = item.tags;
  const { name, source, sourceTags, pointTags } = wireSeries({ accountAlias, ...item });
  return {
    ...item,
    tags,
    unit: unitOrNull(unit),
    wire: { name, source, sourceTags: [...sourceTags], pointTags: { ...pointTags } },
    firstSeenAt: new Date(firstSeenMs).toISOString(),
    lastSeenAt: new Date(lastSeenMs).toISOString(),
  };
}

async function runQuery(
  { metrics, finality, limits, clock }: Deps,
  query: MetricQuery,
): Promise<MetricQueryResult> {
  const started = clock.monotonic();
  checkRange(query, limits);
  const { namespace, metricName, statistic, integrationId, accountId, region, dimensions } = query;
  const filter = { namespace, metricName, statistic, integrationId, accountId, region, dimensions };
  const selection = await metrics.summarize(filter);
  const plan = planBuckets(query, selection, limits);
  const found =
    selection.series === 0
      ? { series: [], totalSeries: 0 }
      : await metrics.query({
          filter,
          ...plan,
          aggregation: query.aggregation,
          groupBy: query.groupBy && [...new Set(query.groupBy)],
          limit: query.limit,
          limits: {
            timeMsMax: limits.timeMsMax,
            memoryBytesMax: limits.memoryBytesMax,
            groupsMax: limits.groupsMax,
          },
        });
  const range = { from: plan.fromSeconds * 1000, to: plan.toSeconds * 1000 };
  const origins = createOriginReader(finality, { namespace, metricName }, range);
  const all = await Promise.all(
    found.series.map(async (series) => toSeries(series, await origins.describe(series.origins))),
  );
  const series = query.finality === "settled" ? settledOnly(all, plan.stepSeconds) : all;
  return {
    ...range,
    stepSeconds: plan.stepSeconds,
    unit: unitOf(query, selection),
    series,
    missing: await origins.missing(),
    noData:
      series.length > 0
        ? null
        : all.length > 0
          ? onlyChanging
          : await finality.explain({ ...filter, ...range }),
    totalSeries: found.totalSeries,
    truncated: found.totalSeries > found.series.length,
    tookMs: Math.round(clock.monotonic() - started),
  };
}

const onlyChanging: MetricQueryResult["noData"] = {
  reason: "settled-only",
  message: "All points in this time may still change; ask for all of them, or for an earlier time.",
};

type AnsweredSeries = MetricQueryResult["series"][number];

function toSeries({ labels, points }: BucketSeries, { settledTo }: SeriesFinality): AnsweredSeries {
  return { labels, points: points.map(([seconds, value]) => [seconds * 1000, value]), settledTo };
}

/** Without the buckets that do not end before the series stops being settled, and the series that have no others. */
function settledOnly(all: readonly AnsweredSeries[], stepSeconds: number): AnsweredSeries[] {
  return all
    .map((series) => ({
      ...series,
      points: series.points.filter(([start]) => start + stepSeconds * 1000 <= series.settledTo),
    }))
    .filter(({ points }) => points.length > 0);
}

function checkRange({ from, to }: MetricQuery, limits: QueryLimits): void {
  const problem = rangeProblem(from, to, limits.rangeDaysMax);
  if (problem) throw new AppError("validation_failed", { fields: [problem] });
}

const lastInstantMs = 2 ** 32 * 1000;

function rangeProblem(from: number, to: number, daysMax: number) {
  if (from < 0) return { path: "from", message: "Not before 1970." };
  if (to > lastInstantMs) return { path: "to", message: "Not after 2106." };
  if (from >= to) return { path: "to", message: "The end has to be after the beginning." };
  if (to - from > daysMax * 86_400_000) return { path: "from", message: `At most ${daysMax} days.` };
  return undefined;
}

function planBuckets(query: MetricQuery, selection: SelectionSummary, limits: QueryLimits) {
  if (selection.series > limits.seriesReadMax) {
    throw tooLarge(
      `The query matches ${selection.series} series, at most ${limits.seriesReadMax} are allowed; add filters.`,
    );
  }
  const rangeSeconds = Math.ceil((query.to - query.from) / 1000);
  const seriesMax = Math.max(1, Math.min(query.limit, selection.series));
  const bucketsAnswered = Math.floor(limits.pointsMax / seriesMax);
  const bucketsGrouped = Math.max(1, Math.floor(limits.groupsMax / Math.max(1, selection.series)));
  const stepSeconds =
    query.stepSeconds ??
    chooseStep({
      rangeSeconds,
      periodSeconds: selection.periodSecondsMin,
      bucketsMax: Math.min(limits.bucketsChosenMax, bucketsAnswered, bucketsGrouped),
    });
  // A series has no more points than its period allows, however narrow the buckets are.
  const pointsPerSeries = Math.ceil(rangeSeconds / Math.max(stepSeconds, selection.periodSecondsMin));
  if (pointsPerSeries > bucketsAnswered) {
    throw tooLarge(
      `The answer could have ${pointsPerSeries * seriesMax} points, at most ${limits.pointsMax} are allowed; use a step of ${Math.ceil(rangeSeconds / bucketsAnswered)} seconds or more.`,
    );
  }
  const bucketsMax = Math.min(bucketsGrouped, limits.bucketsMax);
  if (Math.ceil(rangeSeconds / stepSeconds) > bucketsMax) {
    throw tooLarge(
      `${selection.series} series over this time are too much to group by ${stepSeconds} seconds; use a step of ${Math.ceil(rangeSeconds / bucketsMax)} seconds or more.`,
    );
  }
  const pointsExpected = (selection.series * rangeSeconds) / Math.max(1, selection.periodSecondsMin);
  return { stepSeconds, pointsExpected, ...alignRange({ fromMs: query.from, toMs: query.to }, stepSeconds) };
}

function tooLarge(message: string): AppError {
  return new AppError("query_too_large", { message });
}

/** Series of different units have no common one, and a count of series has none at all. */
function unitOf(query: MetricQuery, { units }: SelectionSummary): string | null {
  return query.aggregation !== "count" && units.length === 1 ? unitOrNull(units[0] ?? "") : null;
}

/** CloudWatch's own word for a metric without a unit is stored, so that it is known to have none. */
function unitOrNull(unit: string): string | null {
  return unit === "" || unit === "None" ? null : unit;
}
