import type { MetricPoint } from "../../../telemetry/index.ts";
import { compilePattern } from "../../patterns.ts";
import type { CollectedSeries } from "../integration-type.ts";
import type { ListedMetric, MetricDataPage, MetricQuery } from "./client.ts";
import type { CloudWatchConfig } from "./config.ts";
import { fullMetricName } from "./names.ts";
import { instanceSelection, type Selection, type Tags, toPointTags, volumeSelection } from "./tags.ts";

/** AWS's bound for one GetMetricData call. */
export const queriesPerBatchMax = 500;

/** Tags of instances and volumes by resource id; empty when no setting needs them. */
export type ResourceTags = ReadonlyMap<string, Tags>;

export interface SelectedMetric extends ListedMetric {
  readonly resourceTags: Tags;
}

/** Queries of one call, and how many different metrics AWS will charge for. */
export interface Batch {
  readonly queries: readonly MetricQuery[];
  readonly metrics: number;
}

/** The listed metrics that the settings want, each with the tags of its instance or volume. */
export function selectMetrics(
  listed: readonly ListedMetric[],
  config: CloudWatchConfig,
  resourceTags: ResourceTags,
): SelectedMetric[] {
  const wantsName = compilePattern(config.metricFilterRegex, "cloudWatch.metricFilterRegex");
  const wantsBucket = compilePattern(
    config.s3BucketNameFilterRegex ?? "",
    "cloudWatch.s3BucketNameFilterRegex",
  );
  const namespaces = new Set(config.namespaces.map((namespace) => namespace.toLowerCase()));
  const selections: Record<string, Selection | undefined> = {
    "AWS/EC2": instanceSelection(config),
    "AWS/EBS": volumeSelection(config),
  };
  return listed
    .filter(({ namespace }) => namespaces.size === 0 || namespaces.has(namespace.toLowerCase()))
    .filter(({ namespace, metricName }) => wantsName.matches(fullMetricName(namespace, metricName)))
    .filter(({ namespace, dimensions }) => {
      const bucket = dimensions.BucketName;
      return namespace !== "AWS/S3" || bucket === undefined || wantsBucket.matches(bucket);
    })
    .map((metric) => ({ ...metric, resourceTags: resourceTags.get(resourceIdOf(metric) ?? "") ?? {} }))
    .filter((metric) => {
      const wants = selections[metric.namespace];
      return wants === undefined || resourceIdOf(metric) === undefined || wants(metric.resourceTags);
    });
}

/** The instance or volume a metric is about; undefined for sums over many, to which no selection applies. */
export function resourceIdOf({ namespace, dimensions }: ListedMetric): string | undefined {
  if (namespace === "AWS/EC2") return dimensions.InstanceId;
  return namespace === "AWS/EBS" ? dimensions.VolumeId : undefined;
}

/**
 * Batches of at most 500 queries. All statistics of a metric stand in the same batch, because AWS then counts up to five of
 * them as one.
 */
export function planBatches(
  metrics: readonly SelectedMetric[],
  statistics: readonly string[],
  periodSeconds: number,
): Batch[] {
  const metricsPerBatch = Math.floor(queriesPerBatchMax / statistics.length);
  const batches: Batch[] = [];
  for (let start = 0; start < metrics.length; start += metricsPerBatch) {
    const part = metrics.slice(start, start + metricsPerBatch);
    const queries = part.flatMap((metric) =>
      statistics.map((statistic) => ({ metric, statistic, periodSeconds })),
    );
    batches.push({
      queries: queries.map((query, index) => ({ id: `q${index}`, ...query })),
      metrics: part.length,
    });
  }
  return batches;
}

export interface MapContext {
  readonly accountId: string;
  readonly accountAlias: string | undefined;
  readonly region: string;
  /** On every series: what the integration adds. */
  readonly tags: Tags;
  readonly wantsTag: (key: string) => boolean;
}

export interface MappedAnswer {
  readonly series: readonly CollectedSeries[];
  /** Different metrics among the series. */
  readonly metrics: number;
  /** What AWS says is missing from the answer; empty when it is complete. */
  readonly incomplete: readonly string[];
}

/**
 * Series from the pages of one batch. Points of one query may be spread over pages; the page that ends a query says whether
 * it is complete. A query without points gives no series: nothing is invented.
 */
export function mapAnswer(batch: Batch, pages: readonly MetricDataPage[], context: MapContext): MappedAnswer {
  const points = new Map<string, Map<number, number>>();
  const statuses = new Map<string, string>();
  for (const result of pages.flatMap((page) => page.results)) {
    const known = points.get(result.id) ?? new Map<number, number>();
    for (const [index, time] of result.times.entries()) known.set(time, result.values[index] ?? Number.NaN);
    points.set(result.id, known);
    if (statuses.get(result.id) !== "InternalError") statuses.set(result.id, result.status);
  }
  const metrics = new Set<ListedMetric>();
  const series = batch.queries.flatMap((query) => {
    const found = [...(points.get(query.id) ?? [])].filter(([, value]) => Number.isFinite(value));
    if (found.length === 0) return [];
    metrics.add(query.metric);
    return [toSeries(query, found, context)];
  });
  return { series, metrics: metrics.size, incomplete: describeIncomplete(batch, statuses, pages) };
}

function toSeries(
  query: MetricQuery,
  points: readonly [number, number][],
  context: MapContext,
): CollectedSeries {
  const { namespace, metricName, dimensions, resourceTags } = query.metric as SelectedMetric;
  const wanted = Object.entries(resourceTags).filter(([key]) => context.wantsTag(key));
  return {
    series: {
      accountId: context.accountId,
      accountAlias: context.accountAlias,
      region: context.region,
      namespace,
      metricName,
      statistic: query.statistic,
      periodSeconds: query.periodSeconds,
      dimensions,
      tags: toPointTags({ ...Object.fromEntries(wanted), ...context.tags }),
    },
    points: points.map(([timestampMs, value]) => ({ timestampMs, value })).sort(byTime),
  };
}

function byTime(a: MetricPoint, b: MetricPoint): number {
  return a.timestampMs - b.timestampMs;
}

/** Codes of messages that are about the answer's completeness; others are advice. */
const incompleteStatuses = ["PartialData", "InternalError", "Forbidden"];

function describeIncomplete(
  batch: Batch,
  statuses: ReadonlyMap<string, string>,
  pages: readonly MetricDataPage[],
): string[] {
  const counts = new Map<string, number>();
  for (const query of batch.queries) {
    const status = statuses.get(query.id) ?? "not answered";
    if (status === "not answered" || incompleteStatuses.includes(status)) {
      counts.set(status, (counts.get(status) ?? 0) + 1);
    }
  }
  const messages = pages.flatMap((page) => [
    ...page.messages,
    ...page.results.flatMap((result) => result.messages),
  ]);
  const said = [...new Set(messages.map(({ code, value }) => `${code}: ${value}`))].slice(0, 3);
  if (counts.size === 0) return [];
  return [
    ...[...counts].map(([status, count]) => `${count} of ${batch.queries.length} queries: ${status}`),
    ...said,
  ];
}
