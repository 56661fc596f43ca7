import { filterCondition, type SeriesFilter } from "./metric-filter.ts";
import type { ReadLimits, Store } from "./store.ts";

/** How the series of one group become one. */
export type Aggregation = "avg" | "sum" | "min" | "max" | "count" | "last";

export interface BucketQuery {
  readonly filter: SeriesFilter & { readonly statistic: string };
  /** Whole seconds since the epoch; `from` inclusive, `to` exclusive, both multiples of the step. */
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly stepSeconds: number;
  readonly aggregation: Aggregation;
  /** Dimension names, `region`, `accountId` or `integrationId`; undefined keeps every series apart. */
  readonly groupBy: readonly string[] | undefined;
  /** Most groups in the answer; those with the highest average come first. */
  readonly limit: number;
  readonly limits: Partial<ReadLimits>;
}

export interface BucketSeries {
  readonly labels: Record<string, string>;
  /** [bucket start in epoch seconds, value], in order; a bucket without data is absent. */
  readonly points: [number, number][];
}

interface Row {
  readonly labels: Record<string, string>;
  readonly buckets: number[];
  readonly values: number[];
  readonly totalSeries: number;
}

/** First each series within a bucket, as its statistic wants it, then the series of a group. */
export async function readBuckets(
  store: Store,
  query: BucketQuery,
): Promise<{ series: BucketSeries[]; totalSeries: number }> {
  const { condition, parameters } = filterCondition(query.filter);
  const rows = await store.select<Row>(
    `WITH matched AS (
      SELECT series_id, ${labelsExpression(query.groupBy)} AS labels
      FROM metric_series FINAL WHERE ${condition}
    ), bucketed AS (
      SELECT series_id, intDiv(toUnixTimestamp(timestamp), {step:UInt32}) * {step:UInt32} AS bucket,
        ${withinSeries(query.filter.statistic)}(value) AS value, max(timestamp) AS latest
      FROM metric_points FINAL
      WHERE series_id IN (SELECT series_id FROM matched)
        AND timestamp >= toDateTime({from:UInt32}, 'UTC') AND timestamp < toDateTime({to:UInt32}, 'UTC')
      GROUP BY series_id, bucket
    ), grouped AS (
      SELECT labels, bucket, ${acrossSeries[query.aggregation]} AS grouped_value
      FROM bucketed INNER JOIN matched USING (series_id)
      GROUP BY labels, bucket
    )
    SELECT labels, arraySort(groupArray((bucket, grouped_value))) AS points,
      points.1 AS buckets, points.2 AS values, avg(grouped_value) AS average, count() OVER () AS totalSeries
    FROM grouped GROUP BY labels
    ORDER BY average DESC, toString(labels) LIMIT {limit:UInt32}`,
    {
      ...parameters,
      ...groupParameters(query.groupBy),
      step: query.stepSeconds,
      from: query.fromSeconds,
      to: query.toSeconds,
      limit: query.limit,
    },
    query.limits,
  );
  return { series: rows.map(toSeries), totalSeries: rows[0]?.totalSeries ?? 0 };
}

function toSeries(row: Row): BucketSeries {
  return {
    labels: row.labels,
    points: row.buckets.map((bucket, index) => [bucket, row.values[index]!]),
  };
}

/** A sum of sums is the sum; of percentiles and averages only an average can be had from the points. */
function withinSeries(statistic: string): "sum" | "max" | "min" | "avg" {
  if (statistic === "Sum" || statistic === "SampleCount") return "sum";
  if (statistic === "Maximum") return "max";
  if (statistic === "Minimum") return "min";
  return "avg";
}

const acrossSeries: Readonly<Record<Aggregation, string>> = {
  avg: "avg(value)",
  sum: "sum(value)",
  min: "min(value)",
  max: "max(value)",
  count: "toFloat64(count())",
  last: "argMax(value, latest)",
};

const builtInLabels: Readonly<Record<string, string>> = {
  accountId: "account_id",
  region: "region",
  integrationId: "integration_id",
};

/** Labels of a series as a map; built-in names win over dimensions of the same name. */
function labelsExpression(groupBy: readonly string[] | undefined): string {
  if (groupBy === undefined) {
    return `mapUpdate(dimensions, map('accountId', account_id::String, 'region', region::String, 'integrationId', integration_id::String))`;
  }
  const pairs = groupBy.map((name, index) => {
    const column = builtInLabels[name];
    return `{group${index}:String}, ${column ? `${column}::String` : `dimensions[{group${index}:String}]`}`;
  });
  return pairs.length ? `map(${pairs.join(", ")})` : "map()::Map(String, String)";
}

function groupParameters(groupBy: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(groupBy.map((name, index) => [`group${index}`, name]));
}
