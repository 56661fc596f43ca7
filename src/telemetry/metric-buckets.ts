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
  /** About how many points the matching series have in the range, if known. */
  readonly pointsExpected?: number;
}

/** Series that were read together, and so are equally final. */
export interface SeriesOrigin {
  readonly integrationId: string;
  readonly accountId: string;
  readonly region: string;
  readonly periodSeconds: number;
}

export interface BucketSeries {
  readonly labels: Record<string, string>;
  /** Of the group's series, each once; at most a hundred. */
  readonly origins: SeriesOrigin[];
  /** [bucket start in epoch seconds, value], in order; a bucket without data is absent. */
  readonly points: [number, number][];
}

interface Row {
  readonly labels: Record<string, string>;
  /** One a bucket; null where there is no point. */
  readonly values: (number | null)[];
  readonly origins: [string, string, string, number][];
  readonly totalSeries: number;
  /** Series of which a replaced point was read beside the one that replaced it; in the first row only. */
  readonly doubled: string[];
}

/** Which series have to be read with `FINAL`, which leaves out replaced points and takes five times as long. */
type ReadFinal = "none" | "all" | readonly string[];

const originsMax = 100;
/** More than this is read with `FINAL` at once, because noticing what was replaced would take too much memory. */
const pointsNoticedMax = 20_000_000;
const doubledMax = 2_000;

/**
 * First each series within a bucket, as its statistic wants it, then the series of a group. Replaced points stay in the table
 * until its parts are merged, but few series have any: all are read as they are, with a count of different times beside
 * the count of points, and only those that disagree are read again.
 */
export async function readBuckets(
  store: Store,
  query: BucketQuery,
): Promise<{ series: BucketSeries[]; totalSeries: number }> {
  const isVast = (query.pointsExpected ?? 0) > pointsNoticedMax;
  const rows = await readRows(store, query, isVast ? "all" : "none");
  const doubled = rows[0]?.doubled ?? [];
  if (doubled.length === 0) return toAnswer(rows, query);
  return toAnswer(await readRows(store, query, doubled.length > doubledMax ? "all" : doubled), query);
}

function toAnswer(rows: readonly Row[], query: BucketQuery) {
  return { series: rows.map((row) => toSeries(row, query)), totalSeries: rows[0]?.totalSeries ?? 0 };
}

function toSeries({ labels, values, origins }: Row, { fromSeconds, stepSeconds }: BucketQuery): BucketSeries {
  const points: [number, number][] = [];
  for (const [index, value] of values.entries()) {
    if (value !== null) points.push([fromSeconds + index * stepSeconds, value]);
  }
  return {
    labels,
    origins: origins.map(([integrationId, accountId, region, periodSeconds]) => ({
      integrationId,
      accountId,
      region,
      periodSeconds,
    })),
    points,
  };
}

function readRows(store: Store, query: BucketQuery, readFinal: ReadFinal): Promise<Row[]> {
  const { condition, parameters } = filterCondition(query.filter);
  return store.select<Row>(
    `WITH matched AS (
      SELECT series_id, ${labelsExpression(query.groupBy)} AS labels,
        (integration_id::String, account_id::String, region::String, period_seconds::UInt32) AS origin
      FROM metric_series FINAL WHERE ${condition}
    ), bucketed AS (${bucketedExpression(query, readFinal)}), grouped AS (
      SELECT labels, ${acrossSeries[query.aggregation]} AS grouped_values,
        groupUniqArray(${originsMax})(origin) AS origins,
        groupArrayIf(toString(series_id), is_doubled) AS doubled_series
      FROM bucketed INNER JOIN matched USING (series_id)
      GROUP BY labels
    )
    SELECT labels, grouped_values AS values, origins, count() OVER () AS totalSeries,
      arrayAvg(arrayMap(value -> assumeNotNull(value), arrayFilter(value -> isNotNull(value), values))) AS average,
      row_number() OVER (ORDER BY average DESC, toString(labels)) AS place,
      if(place = 1, groupArrayArray(doubled_series) OVER (), []) AS doubled
    FROM grouped ORDER BY place LIMIT {limit:UInt32}`,
    {
      ...parameters,
      ...groupParameters(query.groupBy),
      ...(typeof readFinal !== "string" && { doubled: readFinal }),
      step: query.stepSeconds,
      from: query.fromSeconds,
      to: query.toSeconds,
      limit: query.limit,
    },
    query.limits,
  );
}

/** An array of buckets for each series; `Resample` takes half the time of grouping by bucket. */
function bucketedExpression(query: BucketQuery, readFinal: ReadFinal): string {
  const resample = "Resample({from:UInt32}, {to:UInt32}, {step:UInt32})";
  const select = (source: string, isDoubled: string, also: string) =>
    `SELECT series_id, ${withinSeries(query.filter.statistic)}OrNull${resample}(value, toUnixTimestamp(timestamp)) AS values,
        max${resample}(toUnixTimestamp(timestamp), toUnixTimestamp(timestamp)) AS latest, ${isDoubled} AS is_doubled
      FROM ${source}
      WHERE series_id IN (SELECT series_id FROM matched) ${also}
        AND timestamp >= toDateTime({from:UInt32}, 'UTC') AND timestamp < toDateTime({to:UInt32}, 'UTC')
      GROUP BY series_id`;
  const chosen = "AND series_id IN {doubled:Array(UUID)}";
  const others = "AND series_id NOT IN {doubled:Array(UUID)}";
  if (readFinal === "none") return select("metric_points", "count() != uniqExact(timestamp)", "");
  if (readFinal === "all") return select("metric_points FINAL", "false", "");
  return `${select("metric_points", "false", others)} UNION ALL ${select("metric_points FINAL", "false", chosen)}`;
}

/** A sum of sums is the sum; of percentiles and averages only an average can be had from the points. */
function withinSeries(statistic: string): "sum" | "max" | "min" | "avg" {
  if (statistic === "Sum" || statistic === "SampleCount") return "sum";
  if (statistic === "Maximum") return "max";
  if (statistic === "Minimum") return "min";
  return "avg";
}

/** Of arrays of buckets; an empty one counts for nothing. */
const acrossSeries: Readonly<Record<Aggregation, string>> = {
  avg: "avgForEach(values)",
  sum: "sumForEach(values)",
  min: "minForEach(values)",
  max: "maxForEach(values)",
  count: "arrayMap(found -> if(found = 0, NULL, toFloat64(found)), countForEach(values))",
  last: "argMaxForEach(values, latest)",
};

/** No object, of which `constructor` would be a part as well. */
const builtInLabels: ReadonlyMap<string, string> = new Map([
  ["accountId", "account_id"],
  ["region", "region"],
  ["integrationId", "integration_id"],
]);

/** Labels of a series as a map; built-in names win over dimensions of the same name. */
function labelsExpression(groupBy: readonly string[] | undefined): string {
  if (groupBy === undefined) {
    return `mapUpdate(dimensions, map('accountId', account_id::String, 'region', region::String, 'integrationId', integration_id::String))`;
  }
  const pairs = groupBy.map((name, index) => {
    const column = builtInLabels.get(name);
    return `{group${index}:String}, ${column ? `${column}::String` : `dimensions[{group${index}:String}]`}`;
  });
  return pairs.length ? `map(${pairs.join(", ")})` : "map()::Map(String, String)";
}

function groupParameters(groupBy: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(groupBy.map((name, index) => [`group${index}`, name]));
}
