import type { z } from "zod";
import { AppError, type Clock } from "../base/index.ts";
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
import type { MetricReads, SelectionSummary, SeriesRow } from "../telemetry/index.ts";
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
};

/** Throws `validation_failed`, `query_too_large`, `query_timed_out`, `store_unavailable`. */
export interface MetricsQueries {
  findNamespaces(query: z.infer<typeof namespaceFindQuery>): Promise<z.infer<typeof namespaceList>>;
  findMetrics(query: z.infer<typeof metricFindQuery>): Promise<z.infer<typeof metricPage>>;
  findDimensions(query: z.infer<typeof dimensionFindQuery>): Promise<z.infer<typeof dimensionList>>;
  findSeries(query: z.infer<typeof seriesFindQuery>): Promise<z.infer<typeof seriesPage>>;
  query(query: MetricQuery): Promise<MetricQueryResult>;
}

export function createMetricsQueries(deps: {
  telemetry: { readonly metrics: MetricReads };
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
      return pageOf(summaries, { offset, limit, totalItems });
    },
    findDimensions: async ({ limit, ...filter }) => {
      const items = await metrics.findDimensions(filter, { limit });
      return { items: items.map((item) => ({ ...item, truncated: item.totalValues > item.values.length })) };
    },
    findSeries: async ({ offset, limit, ...filter }) => {
      const { items, totalItems } = await metrics.findSeries(filter, { offset, limit });
      return pageOf(items.map(describeSeries), { offset, limit, totalItems });
    },
    query: (query) => runQuery(query, metrics, limits, deps.clock),
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

function pageOf<T>(items: T[], page: { offset: number; limit: number; totalItems: number }) {
  return { items, ...page, moreItems: page.offset + items.length < page.totalItems };
}

async function runQuery(
  query: MetricQuery,
  metrics: MetricReads,
  limits: QueryLimits,
  clock: Clock,
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
  return {
    from: plan.fromSeconds * 1000,
    to: plan.toSeconds * 1000,
    stepSeconds: plan.stepSeconds,
    unit: unitOf(query, selection),
    series: found.series.map(({ labels, points }) => ({
      labels,
      points: points.map(([seconds, value]) => [seconds * 1000, value]),
    })),
    totalSeries: found.totalSeries,
    truncated: found.totalSeries > found.series.length,
    tookMs: Math.round(clock.monotonic() - started),
  };
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
  const bucketsMax = Math.floor(limits.pointsMax / seriesMax);
  const stepSeconds =
    query.stepSeconds ??
    chooseStep({
      rangeSeconds,
      periodSeconds: selection.periodSecondsMin,
      bucketsMax: Math.min(limits.bucketsChosenMax, bucketsMax),
    });
  // A series has no more points than its period allows, however narrow the buckets are.
  const pointsPerSeries = Math.ceil(rangeSeconds / Math.max(stepSeconds, selection.periodSecondsMin));
  if (pointsPerSeries > bucketsMax) {
    throw tooLarge(
      `The answer could have ${pointsPerSeries * seriesMax} points, at most ${limits.pointsMax} are allowed; use a step of ${Math.ceil(rangeSeconds / bucketsMax)} seconds or more.`,
    );
  }
  return { stepSeconds, ...alignRange({ fromMs: query.from, toMs: query.to }, stepSeconds) };
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
