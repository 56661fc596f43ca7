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

/** Points from `fromSeconds` until before `toSeconds`, by series; a series without any is absent. */
export async function readStoredPoints(
  store: Store,
  ids: readonly string[],
  range: { fromSeconds: number; toSeconds: number },
): Promise<Map<string, StoredPoints>> {
  if (ids.length === 0) return new Map();
  const rows = await store.select<Row>(
    `SELECT toString(series_id) AS id,
      arraySort(groupArray((toUnixTimestamp(timestamp), value, version))) AS points,
      points.1 AS seconds, points.2 AS values, points.3 AS versions
    FROM metric_points FINAL
    WHERE series_id IN {ids:Array(UUID)}
      AND timestamp >= toDateTime({from:UInt32}, 'UTC') AND timestamp <= toDateTime({last:UInt32}, 'UTC')
    GROUP BY series_id`,
    { ids, from: range.fromSeconds, last: Math.min(range.toSeconds - 1, 2 ** 32 - 1) },
  );
  return new Map(rows.map((row) => [row.id, row]));
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
