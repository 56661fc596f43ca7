import { type BucketQuery, type BucketSeries, readBuckets } from "./metric-buckets.ts";
import { filterCondition, type SeriesFilter } from "./metric-filter.ts";
import type { Store } from "./store.ts";

export interface PageRequest {
  readonly offset: number;
  readonly limit: number;
}

export interface NamespaceSummary {
  readonly namespace: string;
  readonly metrics: number;
  readonly series: number;
}

export interface MetricSummaryRow {
  readonly namespace: string;
  readonly metricName: string;
  readonly statistics: string[];
  readonly series: number;
  /** Empty when the source names none. */
  readonly unit: string;
  readonly lastSeenMs: number;
}

export interface DimensionSummary {
  readonly name: string;
  readonly values: string[];
  readonly totalValues: number;
}

export interface SeriesRow {
  readonly seriesId: string;
  readonly integrationId: string;
  readonly accountId: string;
  readonly accountAlias: string;
  readonly region: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly statistic: string;
  readonly periodSeconds: number;
  readonly unit: string;
  readonly dimensions: Record<string, string>;
  readonly tags: Record<string, string>;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
}

export interface SelectionSummary {
  readonly series: number;
  /** Shortest period among the series; 0 when there are none. */
  readonly periodSecondsMin: number;
  readonly units: string[];
}

/** The read side of metrics. Throws `query_timed_out`, `query_too_large`, `store_unavailable`. */
export interface MetricReads {
  findNamespaces(filter: { text?: string | undefined }): Promise<NamespaceSummary[]>;
  findMetrics(
    filter: SeriesFilter,
    page: PageRequest,
  ): Promise<{ items: MetricSummaryRow[]; totalItems: number }>;
  /** Dimension names of the matching series with up to `limit` values each; `region` and `accountId` are among them. */
  findDimensions(filter: SeriesFilter, options: { limit: number }): Promise<DimensionSummary[]>;
  findSeries(filter: SeriesFilter, page: PageRequest): Promise<{ items: SeriesRow[]; totalItems: number }>;
  summarize(filter: SeriesFilter): Promise<SelectionSummary>;
  /** Points of the matching series, put into buckets and grouped. */
  query(query: BucketQuery): Promise<{ series: BucketSeries[]; totalSeries: number }>;
}

const namespacesMax = 1_000;
const dimensionNamesMax = 200;

export function createMetricReads(store: Store): MetricReads {
  return {
    findNamespaces: ({ text }) => findNamespaces(store, text ?? ""),
    findMetrics: (filter, page) => findMetrics(store, filter, page),
    findDimensions: (filter, { limit }) => findDimensions(store, filter, limit),
    findSeries: (filter, page) => findSeries(store, filter, page),
    summarize: (filter) => summarize(store, filter),
    query: (query) => readBuckets(store, query),
  };
}

function findNamespaces(store: Store, text: string): Promise<NamespaceSummary[]> {
  return store.select(
    `SELECT namespace, uniqExact(metric_name) AS metrics, uniqExact(series_id) AS series
    FROM metric_series
    WHERE positionCaseInsensitiveUTF8(namespace, {text:String}) > 0 OR empty({text:String})
      OR positionCaseInsensitiveUTF8(replaceAll(namespace, '/', '.'), {text:String}) > 0
    GROUP BY namespace ORDER BY namespace LIMIT ${namespacesMax}`,
    { text },
  );
}

async function findMetrics(store: Store, filter: SeriesFilter, page: PageRequest) {
  const { condition, parameters } = filterCondition(filter);
  const groups = `FROM metric_series FINAL WHERE ${condition} GROUP BY namespace, metric_name`;
  const items = await store.select<MetricSummaryRow>(
    `SELECT namespace, metric_name AS metricName, arraySort(groupUniqArray(statistic)) AS statistics,
      count() AS series, max(unit) AS unit, toUnixTimestamp(max(last_seen)) * 1000 AS lastSeenMs
    ${groups} ORDER BY namespace, metric_name LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
    { ...parameters, ...page },
  );
  return { items, totalItems: await countRows(store, `SELECT 1 ${groups}`, parameters) };
}

function findDimensions(store: Store, filter: SeriesFilter, limit: number): Promise<DimensionSummary[]> {
  const { condition, parameters } = filterCondition(filter);
  return store.select(
    `SELECT pair.1 AS name, arraySlice(arraySort(groupUniqArray(pair.2)), 1, {limit:UInt32}) AS values,
      uniqExact(pair.2) AS totalValues
    FROM metric_series
    ARRAY JOIN arrayConcat(
      [('accountId', account_id::String), ('region', region::String)],
      arrayZip(mapKeys(dimensions), mapValues(dimensions))
    ) AS pair
    WHERE ${condition}
    GROUP BY name ORDER BY name LIMIT ${dimensionNamesMax}`,
    { ...parameters, limit },
  );
}

async function findSeries(store: Store, filter: SeriesFilter, page: PageRequest) {
  const { condition, parameters } = filterCondition(filter);
  const items = await store.select<SeriesRow>(
    `SELECT toString(series_id) AS seriesId, integration_id AS integrationId, account_id AS accountId,
      account_alias AS accountAlias, region, namespace, metric_name AS metricName, statistic,
      period_seconds AS periodSeconds, unit, dimensions, tags,
      toUnixTimestamp(first_seen) * 1000 AS firstSeenMs, toUnixTimestamp(last_seen) * 1000 AS lastSeenMs
    FROM metric_series FINAL WHERE ${condition}
    ORDER BY metric_series.namespace, metric_series.metric_name, metric_series.series_id
    LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
    { ...parameters, ...page },
  );
  const counted = `SELECT DISTINCT series_id FROM metric_series WHERE ${condition}`;
  return { items, totalItems: await countRows(store, counted, parameters) };
}

async function summarize(store: Store, filter: SeriesFilter): Promise<SelectionSummary> {
  const { condition, parameters } = filterCondition(filter);
  const [summary] = await store.select<SelectionSummary>(
    `SELECT uniqExact(series_id) AS series, min(period_seconds) AS periodSecondsMin,
      arraySort(groupUniqArrayIf(10)(unit, notEmpty(unit))) AS units
    FROM metric_series WHERE ${condition}`,
    parameters,
  );
  return summary ?? { series: 0, periodSecondsMin: 0, units: [] };
}

async function countRows(store: Store, statement: string, parameters: Record<string, never> | object) {
  const [row] = await store.select<{ total: number }>(
    `SELECT count() AS total FROM (${statement})`,
    parameters as Record<string, string>,
  );
  return row?.total ?? 0;
}
