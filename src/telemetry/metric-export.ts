import { descriptionColumns, type FedSeries, type SeriesDescription } from "./metric-feed.ts";
import type { Parameters } from "./parameters.ts";
import type { Store } from "./store.ts";

/** The series of an integration that share namespace, metric and statistic. */
export interface MetricFamily {
  readonly namespace: string;
  readonly metricName: string;
  readonly statistic: string;
  readonly unit: string;
  readonly series: number;
  readonly periodSecondsMin: number;
  readonly periodSecondsMax: number;
}

/** Where series come from, as far as that decides how final their points are. */
export interface MetricScope {
  readonly accountId: string;
  readonly region: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly periodSeconds: number;
}

/** Which families are meant. */
export type FamilyKey = Pick<MetricFamily, "namespace" | "metricName" | "statistic">;

/** Points that end by then are settled, in epoch seconds. */
export interface SettledScope extends MetricScope {
  readonly settledTo: number;
}

export interface ExportRequest {
  readonly integrationId: string;
  readonly families: readonly FamilyKey[];
  /** Periods of the series: up to an hour, or longer. Left out: any. */
  readonly periods?: "short" | "long";
  /** Start inclusive, end exclusive, in epoch seconds. */
  readonly from: number;
  readonly to: number;
  /** Only the newest point of each series. */
  readonly newestOnly: boolean;
  /** Points that are not settled yet are left out, and those of scopes that are not listed. Undefined: all points count. */
  readonly settled: readonly SettledScope[] | undefined;
  /** Goes on behind this series; they come in the order of their ids. */
  readonly behindSeries?: string | undefined;
  readonly seriesMax: number;
}

/** Reading of whole metrics, a bounded number of series at a time. Throws `query_timed_out`, `query_too_large`, `store_unavailable`. */
export interface MetricExport {
  findFamilies(integrationId: string): Promise<MetricFamily[]>;
  findScopes(integrationId: string, families: readonly FamilyKey[]): Promise<MetricScope[]>;
  /** Series without points in the time are left out. `behind` is absent at the end. */
  readSeries(request: ExportRequest): Promise<{ series: FedSeries[]; behind?: string }>;
}

export function createMetricExport(store: Store): MetricExport {
  return {
    findFamilies: (integrationId) =>
      store.select<MetricFamily>(
        `SELECT namespace, metric_name AS metricName, statistic, max(unit) AS unit,
          uniqExact(series_id) AS series, min(period_seconds) AS periodSecondsMin,
          max(period_seconds) AS periodSecondsMax
        FROM metric_series WHERE integration_id = {integrationId:String}
        GROUP BY namespace, metric_name, statistic ORDER BY namespace, metric_name, statistic`,
        { integrationId },
      ),
    findScopes: (integrationId, families) =>
      store.select<MetricScope>(
        `SELECT DISTINCT account_id AS accountId, region, namespace, metric_name AS metricName,
          period_seconds AS periodSeconds
        FROM metric_series WHERE integration_id = {integrationId:String} AND ${familyCondition}`,
        { integrationId, ...familyParameters(families) },
      ),
    readSeries: (request) => readSeries(store, request),
  };
}

interface ExportRow extends SeriesDescription {
  readonly seriesId: string;
  readonly seconds: number[];
  readonly values: number[];
}

/** Where the engine's own time limit for reading would cut a long export short, the memory limit still holds. */
const limits = { timeMsMax: 60_000 };

async function readSeries(store: Store, request: ExportRequest) {
  const { newestOnly, from, seriesMax } = request;
  // A point is written after it has begun, so parts that hold nothing as new as the start are skipped.
  const rows = await store.select<ExportRow>(
    `WITH chosen AS (
      SELECT series_id, period_seconds AS period, ${settledExpression(request.settled)} AS settled_to
      FROM metric_series FINAL WHERE ${seriesCondition(request)}
      ORDER BY series_id LIMIT {seriesMax:UInt32}
    ), picked AS (
      SELECT series_id, timestamp, argMax(value, version) AS picked_value
      FROM metric_points INNER JOIN chosen USING (series_id)
      WHERE series_id IN (SELECT series_id FROM chosen) AND version >= {fromVersion:UInt64}
        AND timestamp >= toDateTime({from:UInt32}, 'UTC') AND timestamp < toDateTime({to:UInt32}, 'UTC')
        AND toUnixTimestamp(timestamp) + period <= settled_to
      GROUP BY series_id, timestamp
    ), gathered AS (
      SELECT series_id, arraySort(groupArray((toUnixTimestamp(timestamp), picked_value))) AS points,
        ${newestOnly ? "arraySlice(points, -1)" : "points"} AS wanted, wanted.1 AS seconds, wanted.2 AS values
      FROM picked GROUP BY series_id
    )
    SELECT toString(series_id) AS seriesId, seconds, values, ${descriptionColumns}
    FROM (
      SELECT * FROM metric_series FINAL WHERE series_id IN (SELECT series_id FROM chosen)
        AND integration_id = {integrationId:String}
    ) AS described
    LEFT ANY JOIN gathered USING (series_id)
    ORDER BY series_id`,
    { ...parametersOf(request), fromVersion: from * 1000 },
    limits,
  );
  const series = rows
    .filter(({ seconds }) => seconds.length > 0)
    .map(({ seconds, values, ...description }) => ({
      ...description,
      points: seconds.map((second, index) => [second, values[index] as number] as const),
    }));
  const behind = rows.length >= seriesMax ? rows.at(-1)?.seriesId : undefined;
  return { series, ...(behind !== undefined && { behind }) };
}

/** The namespace once more by itself, because the key of the table begins with it. */
const familyCondition = `namespace IN {namespaces:Array(String)} AND has(
  arrayZip({namespaces:Array(String)}, {metricNames:Array(String)}, {statistics:Array(String)}),
  (namespace::String, metric_name::String, statistic::String)
)`;

function familyParameters(families: readonly FamilyKey[]): Parameters {
  return {
    namespaces: families.map(({ namespace }) => namespace),
    metricNames: families.map(({ metricName }) => metricName),
    statistics: families.map(({ statistic }) => statistic),
  };
}

function seriesCondition({ periods, behindSeries }: ExportRequest): string {
  return [
    "integration_id = {integrationId:String}",
    familyCondition,
    ...(periods === undefined ? [] : [`period_seconds ${periods === "short" ? "<=" : ">"} 3600`]),
    ...(behindSeries === undefined ? [] : ["series_id > {behindSeries:UUID}"]),
  ].join(" AND ");
}

/** 0, which no point ends by, for a scope of which nothing is known. */
function settledExpression(settled: ExportRequest["settled"]): string {
  if (settled === undefined) return "toUInt32(4294967295)";
  return "transform(concat(account_id, ' ', region, ' ', toString(period_seconds), ' ', namespace, ' ', metric_name), {scopes:Array(String)}, {bounds:Array(UInt32)}, toUInt32(0))";
}

function parametersOf(request: ExportRequest): Parameters {
  const { families, settled, behindSeries } = request;
  return {
    integrationId: request.integrationId,
    ...familyParameters(families),
    from: request.from,
    to: request.to,
    seriesMax: request.seriesMax,
    ...(behindSeries !== undefined && { behindSeries }),
    ...(settled && {
      scopes: settled.map((scope) =>
        [scope.accountId, scope.region, scope.periodSeconds, scope.namespace, scope.metricName].join(" "),
      ),
      bounds: settled.map(({ settledTo }) => Math.max(0, Math.floor(settledTo))),
    }),
  };
}
