import type { Parameters } from "./parameters.ts";
import type { Store } from "./store.ts";

/** What a series is, as far as those who pass it on want to know. */
export interface SeriesDescription {
  readonly integrationId: string;
  readonly accountId: string;
  readonly accountAlias: string;
  readonly region: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly statistic: string;
  readonly periodSeconds: number;
  readonly unit: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface FedSeries extends SeriesDescription {
  readonly seriesId: string;
  /** [start of the period in epoch seconds, value], in order. */
  readonly points: readonly (readonly [number, number])[];
}

/** The last point that was read, to go on behind it. */
export interface FeedPosition {
  readonly seriesId: string;
  readonly seconds: number;
}

/** Points of one integration by their version, which is when they were asked for, in epoch milliseconds. */
export interface FeedStretch {
  readonly integrationId: string;
  /** Exclusive. */
  readonly after: number;
  /** Inclusive. */
  readonly upTo: number;
  /** Whether points are left out whose earlier value was replaced within the stretch. */
  readonly leaveOutChanges: boolean;
}

export interface FeedRequest extends FeedStretch {
  /** Of this time only: start inclusive, end exclusive, in epoch seconds. */
  readonly from: number;
  readonly to: number;
  readonly behind?: FeedPosition | undefined;
  readonly limit: number;
}

export interface MetricFeed {
  /** Time of the first point of a stretch that is not before `from`, in epoch seconds; nothing when there is none. */
  nextTime(stretch: FeedStretch, from: number): Promise<number | undefined>;
  /** By series, and in the order of time within a series. `next` is absent at the end. */
  read(request: FeedRequest): Promise<{ series: FedSeries[]; next?: FeedPosition }>;
  /** Points of a stretch. */
  count(stretch: FeedStretch): Promise<number>;
}

export function createMetricFeed(store: Store): MetricFeed {
  return {
    nextTime: async (stretch, from) => {
      const [row] = await store.select<{ seconds: number }>(
        `SELECT toUnixTimestamp(min(timestamp)) AS seconds FROM metric_points
        WHERE ${stretchCondition(stretch)} AND timestamp >= toDateTime({from:UInt32}, 'UTC')
        HAVING count() > 0`,
        { ...stretchParameters(stretch), from },
      );
      return row?.seconds;
    },
    read: (request) => readFeed(store, request),
    count: async (stretch) => {
      const [row] = await store.select<{ total: number }>(
        `SELECT uniqExact(series_id, timestamp) AS total FROM metric_points WHERE ${stretchCondition(stretch)}`,
        stretchParameters(stretch),
      );
      return row?.total ?? 0;
    },
  };
}

interface FeedRow extends Omit<FedSeries, "points"> {
  readonly seconds: number[];
  readonly values: number[];
}

async function readFeed(store: Store, request: FeedRequest) {
  const { from, to, behind, limit } = request;
  // Without FINAL: a row that a newer one has replaced is not newer than the stretch, or is sorted behind it and left out.
  const rows = await store.select<FeedRow>(
    `WITH page AS (
      SELECT series_id, timestamp, value FROM metric_points
      WHERE ${stretchCondition(request)}
        AND timestamp >= toDateTime({from:UInt32}, 'UTC') AND timestamp < toDateTime({to:UInt32}, 'UTC')
        ${behind ? `AND series_id >= {behindSeries:UUID} AND (series_id > {behindSeries:UUID} OR timestamp > toDateTime({behindSeconds:UInt32}, 'UTC'))` : ""}
      ORDER BY series_id, timestamp, version DESC
      LIMIT 1 BY series_id, timestamp
      LIMIT {limit:UInt32}
    )
    SELECT toString(series_id) AS seriesId, seconds, values, ${descriptionColumns}
    FROM (
      SELECT series_id, arraySort(groupArray((toUnixTimestamp(timestamp), value))) AS points,
        points.1 AS seconds, points.2 AS values
      FROM page GROUP BY series_id
    ) AS fed
    INNER JOIN (
      SELECT * FROM metric_series FINAL WHERE integration_id = {integrationId:String}
    ) AS described USING (series_id)
    ORDER BY series_id`,
    {
      ...stretchParameters(request),
      ...(behind && { behindSeries: behind.seriesId, behindSeconds: behind.seconds }),
      from,
      to,
      limit,
    },
  );
  const last = rows.at(-1);
  const read = rows.reduce((sum, { seconds }) => sum + seconds.length, 0);
  const next = last && read >= limit && { seriesId: last.seriesId, seconds: last.seconds.at(-1) as number };
  return { series: rows.map(toFedSeries), ...(next && { next }) };
}

/** Columns of `metric_series` under the names of `SeriesDescription`. */
export const descriptionColumns = `integration_id AS integrationId, account_id AS accountId,
  account_alias AS accountAlias, region, namespace, metric_name AS metricName, statistic,
  period_seconds AS periodSeconds, unit, dimensions, tags`;

function toFedSeries({ seconds, values, ...description }: FeedRow): FedSeries {
  return { ...description, points: seconds.map((second, index) => [second, values[index] as number]) };
}

function stretchCondition({ leaveOutChanges }: FeedStretch): string {
  const unchanged = `AND (series_id, timestamp) NOT IN (
    SELECT series_id, timestamp FROM metric_changes
    WHERE integration_id = {integrationId:String}
      AND toUnixTimestamp64Milli(seen_at) > {after:UInt64} AND toUnixTimestamp64Milli(seen_at) <= {upTo:UInt64}
  )`;
  return `series_id IN (SELECT series_id FROM metric_series WHERE integration_id = {integrationId:String})
    AND version > {after:UInt64} AND version <= {upTo:UInt64} ${leaveOutChanges ? unchanged : ""}`;
}

function stretchParameters({ integrationId, after, upTo }: FeedStretch): Parameters {
  return { integrationId, after, upTo };
}
