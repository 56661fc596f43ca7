import type { Store } from "./store.ts";

/** The stored points of one series in the order of time. */
export interface StoredPoints {
  readonly seconds: readonly number[];
  readonly values: readonly number[];
  readonly versions: readonly number[];
}

interface Row extends StoredPoints {
  readonly id: string;
}

/**
 * Points from `fromSeconds` until before `toSeconds`, by series; a series without any is absent. Without `FINAL`, which takes
 * three times as long: what was replaced and is not merged yet is left out here.
 */
export async function readStoredPoints(
  store: Store,
  ids: readonly string[],
  range: { fromSeconds: number; toSeconds: number },
): Promise<Map<string, StoredPoints>> {
  if (ids.length === 0) return new Map();
  const rows = await store.select<Row>(
    `SELECT id, points.1 AS seconds, points.2 AS versions, points.3 AS values
    FROM (
      SELECT toString(series_id) AS id,
        arraySort(groupArray((toUnixTimestamp(timestamp), version, value))) AS points
      FROM metric_points
      WHERE series_id IN {ids:Array(UUID)}
        AND timestamp >= toDateTime({from:UInt32}, 'UTC') AND timestamp <= toDateTime({last:UInt32}, 'UTC')
      GROUP BY series_id
    )`,
    { ids, from: range.fromSeconds, last: Math.min(range.toSeconds - 1, 2 ** 32 - 1) },
  );
  return new Map(rows.map((row) => [row.id, withoutReplaced(row)]));
}

/** Of the points of one time, which are in the order of their versions, only the last. */
export function withoutReplaced(points: StoredPoints): StoredPoints {
  const { seconds } = points;
  const isLast = (_: number, index: number) => seconds[index] !== seconds[index + 1];
  if (seconds.every(isLast)) return points;
  return {
    seconds: seconds.filter(isLast),
    values: points.values.filter(isLast),
    versions: points.versions.filter(isLast),
  };
}

/** Where in an ascending list the time stands; -1 when it does not. */
export function positionOf(seconds: readonly number[], wanted: number): number {
  let low = 0;
  let high = seconds.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = seconds[middle]!;
    if (found === wanted) return middle;
    if (found < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
