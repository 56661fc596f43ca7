import type { Clock } from "../base/index.ts";
import { ageBounds } from "./age-buckets.ts";
import type { MetricSeries } from "./metric-rows.ts";
import type { Store } from "./store.ts";

/** New and changed points of one metric by the bucket of their age, all seen on one day. */
export interface Tally {
  readonly integrationId: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly day: string;
  /** Came with the first reading of their time. */
  readonly punctual: Float64Array;
  /** Came with a later reading. */
  readonly late: Float64Array;
  readonly changed: Float64Array;
}

/**
 * Counts how late points come. The counts are kept in memory and written together now and then: they are statistics, of which
 * a crash may take the last seconds, and an INSERT for each batch of points would cost as much as the points.
 */
export interface Lateness {
  /** For one batch; its counts become part of the whole with `keep`. */
  begin(version: number): LatenessBatch;
  /** Writes what has gathered, if it is time. Never throws: what could not be written is tried again later. */
  flushIfDue(): Promise<void>;
  flush(): Promise<void>;
}

export interface LatenessBatch {
  of(series: MetricSeries): Tally;
  keep(): void;
}

const flushEveryMs = 10_000;
const talliesMax = 5_000;

export function createLateness(store: Store, clock: Pick<Clock, "monotonic">): Lateness {
  let pending = new Map<string, Tally>();
  let flushedAt = clock.monotonic();

  const flush = async () => {
    const writing = pending;
    pending = new Map();
    flushedAt = clock.monotonic();
    const rows = [...writing.values()].flatMap(rowsOf);
    if (rows.length === 0) return;
    try {
      await store.insert("metric_lateness", rows);
    } catch (error) {
      for (const [key, tally] of writing) addTally(pending, key, tally);
      throw error;
    }
  };
  const isDue = () => pending.size > talliesMax || clock.monotonic() - flushedAt >= flushEveryMs;
  return {
    begin: (version) =>
      beginBatch(version, (tallies) => {
        for (const [key, tally] of tallies) addTally(pending, key, tally);
      }),
    flushIfDue: async () => {
      if (isDue()) await flush().catch(() => {});
    },
    flush,
  };
}

function beginBatch(version: number, keep: (tallies: Map<string, Tally>) => void): LatenessBatch {
  const day = new Date(version).toISOString().slice(0, 10);
  const tallies = new Map<string, Tally>();
  let last: Tally | undefined;
  return {
    of: ({ integrationId, namespace, metricName }) => {
      // The series of a batch come metric by metric.
      if (
        last?.metricName === metricName &&
        last.namespace === namespace &&
        last.integrationId === integrationId
      ) {
        return last;
      }
      const key = [day, integrationId, namespace, metricName].join("\n");
      last = tallies.get(key) ?? emptyTally({ integrationId, namespace, metricName, day });
      tallies.set(key, last);
      return last;
    },
    keep: () => keep(tallies),
  };
}

function emptyTally(about: Pick<Tally, "integrationId" | "namespace" | "metricName" | "day">): Tally {
  const counts = () => new Float64Array(ageBounds.length);
  return { ...about, punctual: counts(), late: counts(), changed: counts() };
}

function addTally(tallies: Map<string, Tally>, key: string, added: Tally): void {
  const sum = tallies.get(key);
  if (!sum) return void tallies.set(key, added);
  for (const kind of ["punctual", "late", "changed"] as const) {
    for (const [bucket, count] of added[kind].entries()) sum[kind][bucket]! += count;
  }
}

function rowsOf(tally: Tally): object[] {
  return ageBounds.flatMap((bound, bucket) => {
    const counts = {
      punctual: tally.punctual[bucket]!,
      late: tally.late[bucket]!,
      changed: tally.changed[bucket]!,
    };
    if (counts.punctual + counts.late + counts.changed === 0) return [];
    const { integrationId, namespace, metricName, day } = tally;
    return [
      {
        integration_id: integrationId,
        namespace,
        metric_name: metricName,
        day,
        age_seconds: bound,
        ...counts,
      },
    ];
  });
}
