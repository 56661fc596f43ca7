import { filterCondition, type SeriesFilter } from "./metric-filter.ts";
import type { PageRequest } from "./metric-reads.ts";
import type { MetricSeries } from "./metric-rows.ts";
import type { Store } from "./store.ts";

/** A stored value that a later reading replaced. */
export interface MetricChangeRow {
  readonly integrationId: string;
  readonly accountId: string;
  readonly region: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly statistic: string;
  readonly dimensions: Record<string, string>;
  readonly atMs: number;
  readonly before: number;
  readonly after: number;
  readonly seenMs: number;
}

export type MetricKeyFilter = Pick<SeriesFilter, "integrationId" | "namespace" | "metricName">;

/** A row of `metric_changes`. */
export function changeRow(
  id: string,
  { integrationId, namespace, metricName }: MetricSeries,
  change: { seconds: number; before: number; after: number; seenMs: number },
): object {
  return {
    integration_id: integrationId,
    namespace,
    metric_name: metricName,
    series_id: id,
    timestamp: change.seconds,
    before: change.before,
    after: change.after,
    seen_at: new Date(change.seenMs).toISOString().replace("T", " ").slice(0, -1),
  };
}

/** Seen last comes first. */
export async function findChanges(store: Store, filter: MetricKeyFilter, page: PageRequest) {
  const { condition, parameters } = filterCondition(filter);
  const [counted] = await store.select<{ total: number }>(
    `SELECT count() AS total FROM metric_changes FINAL WHERE ${condition}`,
    parameters,
  );
  const items = await store.select<MetricChangeRow>(
    `WITH changes AS (
      SELECT * FROM metric_changes FINAL WHERE ${condition}
      ORDER BY seen_at DESC, namespace, metric_name, series_id, timestamp DESC
      LIMIT {limit:UInt32} OFFSET {offset:UInt32}
    ), described AS (
      SELECT series_id, any(account_id) AS account, any(region) AS region, any(statistic) AS statistic,
        any(dimensions) AS dimensions
      FROM metric_series
      WHERE (namespace, metric_name, series_id) IN (SELECT namespace, metric_name, series_id FROM changes)
      GROUP BY series_id
    )
    SELECT integration_id AS integrationId, account AS accountId, region, namespace, metric_name AS metricName,
      statistic, dimensions, toUnixTimestamp(timestamp) * 1000 AS atMs, before, after,
      toUnixTimestamp64Milli(seen_at) AS seenMs
    FROM changes LEFT JOIN described USING (series_id)
    ORDER BY seen_at DESC, namespace, metric_name, series_id, timestamp DESC`,
    { ...parameters, ...page },
  );
  return { items, totalItems: counted?.total ?? 0 };
}
