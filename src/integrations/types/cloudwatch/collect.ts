import { hostNameTag, type OwedReason, toPointTags } from "../../../contract/index.ts";
import type { MetricPoint, MetricSeries } from "../../../telemetry/index.ts";
import type { CollectedSeries, KeyRange, Trouble } from "../integration-type.ts";
import type { ListedMetric, MetricDataPage, MetricDataResult, MetricQuery } from "./client.ts";
import type { CloudWatchConfig } from "./config.ts";
import { metricKey } from "./keys.ts";
import { createSelect, resourceIdOf } from "./selection.ts";
import { hostNameOf, type Tags } from "./tags.ts";

/** AWS's bound for one GetMetricData call. */
export const queriesPerBatchMax = 500;

/** Tags of instances and volumes by resource id; empty when no setting needs them. */
export type ResourceTags = ReadonlyMap<string, Tags>;

export interface SelectedMetric extends ListedMetric {
  readonly resourceTags: Tags;
  /** Names the metric within its region; metrics are put in its order. */
  readonly key: string;
}

/** Queries of one call. Together the batches of a scope cover all keys, so that a failed one can be owed by its keys. */
export interface Batch extends KeyRange {
  readonly queries: readonly SelectedQuery[];
  /** Different metrics, which AWS charges for. */
  readonly metrics: readonly SelectedMetric[];
}

export interface SelectedQuery extends MetricQuery {
  readonly metric: SelectedMetric;
}

const noTags: Tags = {};

/** The listed metrics that the settings want, each with the tags of its instance or volume. */
export function selectMetrics(
  listed: readonly ListedMetric[],
  config: CloudWatchConfig,
  resourceTags: ResourceTags,
): SelectedMetric[] {
  const select = createSelect(config);
  return listed.flatMap((metric) => {
    const tags = resourceTags.get(resourceIdOf(metric) ?? "") ?? noTags;
    return select(metric, tags) ? [] : [{ ...metric, key: metricKey(metric), resourceTags: tags }];
  });
}

/**
 * Batches of at most 500 queries, or fewer where a page has no room for the points of more. All statistics of a metric stand
 * in the same batch, because AWS then counts up to five of them as one. The metrics are in the order of their keys.
 */
export function planBatches(
  metrics: readonly SelectedMetric[],
  statistics: readonly string[],
  options: { periodSeconds: number; queriesMax?: number },
): Batch[] {
  const { periodSeconds, queriesMax = queriesPerBatchMax } = options;
  const metricsPerBatch = Math.max(
    1,
    Math.floor(Math.min(queriesMax, queriesPerBatchMax) / statistics.length),
  );
  const batches: Batch[] = [];
  for (let start = 0; start < metrics.length; start += metricsPerBatch) {
    const part = metrics.slice(start, start + metricsPerBatch);
    let number = 0;
    const queries = part.flatMap((metric) =>
      statistics.map((statistic) => ({ id: `q${number++}`, metric, statistic, periodSeconds })),
    );
    batches.push({
      queries,
      metrics: part,
      fromKey: start === 0 ? null : part[0]!.key,
      toKey: metrics[start + metricsPerBatch]?.key ?? null,
    });
  }
  return batches;
}

export interface MapContext {
  readonly integrationId: string;
  readonly accountId: string;
  readonly accountAlias: string | undefined;
  readonly region: string;
  /** On every series: what the integration adds. */
  readonly tags: Tags;
  readonly wantsTag: (key: string) => boolean;
  /** Tags that name an instance; undefined for the usual ones. */
  readonly hostNameTags?: readonly string[] | undefined;
}

export interface MappedAnswer {
  readonly series: readonly CollectedSeries[];
  /** Different metrics among the series. */
  readonly metrics: number;
  /** Metrics of which AWS did not give everything. */
  readonly spoiled: readonly SpoiledMetric[];
}

export interface SpoiledMetric extends Trouble {
  readonly metric: SelectedMetric;
}

/**
 * Series from the pages of one batch. Points of one query may be spread over pages; the page that ends a query says whether
 * it is complete. A query without points gives no series: nothing is invented.
 */
export function mapAnswer(
  batch: Batch,
  pages: readonly MetricDataPage[],
  seriesOf: (query: SelectedQuery) => MetricSeries,
): MappedAnswer {
  const results = groupById(pages);
  const metrics = new Set<SelectedMetric>();
  const spoiled = new Map<SelectedMetric, SpoiledMetric>();
  const series: CollectedSeries[] = [];
  for (const query of batch.queries) {
    const found = results.get(query.id) ?? [];
    const points = pointsOf(found);
    if (points.length > 0) {
      metrics.add(query.metric);
      series.push({ series: seriesOf(query), points });
    }
    const trouble = troubleOf(found, pages);
    if (trouble) spoiled.set(query.metric, { metric: query.metric, ...trouble });
  }
  return { series, metrics: metrics.size, spoiled: [...spoiled.values()] };
}

function groupById(pages: readonly MetricDataPage[]): Map<string, MetricDataResult[]> {
  const results = new Map<string, MetricDataResult[]>();
  for (const page of pages) {
    for (const result of page.results) {
      const known = results.get(result.id);
      if (known) known.push(result);
      else results.set(result.id, [result]);
    }
  }
  return results;
}

/** Ascending, each time once; of two values of a time the later page's counts. */
function pointsOf(results: readonly MetricDataResult[]): MetricPoint[] {
  const points: MetricPoint[] = [];
  let inOrder = true;
  let last = Number.NEGATIVE_INFINITY;
  for (const { times, values } of results) {
    for (const [index, timestampMs] of times.entries()) {
      const value = values[index];
      if (value === undefined || !Number.isFinite(value)) continue;
      inOrder &&= timestampMs > last;
      last = timestampMs;
      points.push({ timestampMs, value });
    }
  }
  if (inOrder) return points;
  const byTime = new Map(points.map((point) => [point.timestampMs, point]));
  return [...byTime.values()].sort((a, b) => a.timestampMs - b.timestampMs);
}

const reasonsByStatus: Readonly<Record<string, OwedReason>> = {
  PartialData: "partial-data",
  InternalError: "internal-error",
  Forbidden: "denied",
};

/** The last page of a query says how it ended, but an internal error on any page spoils it. */
function troubleOf(
  results: readonly MetricDataResult[],
  pages: readonly MetricDataPage[],
): Trouble | undefined {
  const status = results.some((result) => result.status === "InternalError")
    ? "InternalError"
    : results.at(-1)?.status;
  const reason = status === undefined ? "error" : reasonsByStatus[status];
  if (reason === undefined) return undefined;
  const messages = [
    ...results.flatMap((result) => result.messages),
    ...pages.flatMap((page) => page.messages),
  ];
  const said = [...new Set(messages.map(({ code, value }) => `${code}: ${value}`))].slice(0, 3);
  return { reason, detail: [`GetMetricData: ${status ?? "a query was not answered"}`, ...said].join("; ") };
}

/** Series of queries, made once for each metric and statistic: what is the same stays the same object. */
export interface SeriesShelf {
  readonly context: MapContext;
  seriesOf(query: SelectedQuery, unit: string | undefined): MetricSeries;
}

export function createSeriesShelf(context: MapContext): SeriesShelf {
  const shelf = new WeakMap<SelectedMetric, Map<string, MetricSeries>>();
  return {
    context,
    seriesOf: (query, unit) => {
      const place = `${query.statistic} ${query.periodSeconds}`;
      const known = shelf.get(query.metric) ?? new Map<string, MetricSeries>();
      const found = known.get(place);
      if (found && found.unit === unit) return found;
      const series = toSeries(query, context, unit);
      shelf.set(query.metric, known.set(place, series));
      return series;
    },
  };
}

function toSeries(query: SelectedQuery, context: MapContext, unit: string | undefined): MetricSeries {
  const { accountId, namespace, metricName, dimensions, resourceTags } = query.metric;
  const wanted = Object.entries(resourceTags).filter(([key]) => context.wantsTag(key));
  const hostName = namespace === "AWS/EC2" ? hostNameOf(resourceTags, context.hostNameTags) : undefined;
  return {
    integrationId: context.integrationId,
    accountId: accountId ?? context.accountId,
    accountAlias: accountId === undefined ? context.accountAlias : undefined,
    region: context.region,
    namespace,
    metricName,
    statistic: query.statistic,
    periodSeconds: query.periodSeconds,
    dimensions,
    unit,
    tags: {
      ...toPointTags({ ...Object.fromEntries(wanted), ...context.tags }),
      ...(hostName !== undefined && { [hostNameTag]: hostName }),
    },
  };
}
