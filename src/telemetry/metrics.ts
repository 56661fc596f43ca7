import type { Clock } from "../base/index.ts";
import { createKnownPoints } from "./known-points.ts";
import { createLateness } from "./lateness.ts";
import { createMerge, type MergeOptions, type MergeResult } from "./merge.ts";
import { findChanges, type MetricChangeRow, type MetricKeyFilter } from "./metric-changes.ts";
import { findDelays, type MetricDelayRow } from "./metric-delays.ts";
import { createMetricReads, type MetricReads, type PageRequest } from "./metric-reads.ts";
import type { SeriesPoints } from "./metric-rows.ts";
import type { Store } from "./store.ts";

export interface Metrics extends MetricReads {
  /**
   * Compares the points with what is stored of their series, and stores what is new or another so that it survives a power
   * failure, then resolves. Repeating it changes nothing; a value that was asked for later is not replaced. There are no
   * retries inside: after an error some of the points may be stored, and merging all of them again is right. `last_seen` of a
   * series lags behind its points by up to a quarter of an hour. Throws `validation_failed` (then nothing is stored),
   * `store_unavailable`, `storage_full`.
   */
  merge(batch: readonly SeriesPoints[], options: MergeOptions): Promise<MergeResult>;
  /** Drops what is remembered of an integration's points: for when another process may have written it since. */
  forget(integrationId: string): void;
  /** Values that were replaced, seen last first. */
  findChanges(
    filter: MetricKeyFilter,
    page: PageRequest,
  ): Promise<{ items: MetricChangeRow[]; totalItems: number }>;
  /** Learned from the last two weeks, the latest metrics first; one of which nothing was counted is absent. */
  findDelays(filter: MetricKeyFilter & { readonly limit: number }): Promise<MetricDelayRow[]>;
  /** Writes counts that are still in memory. */
  flush(): Promise<void>;
}

/** Room for the newest points of 290,000 series. */
const knownBytesMax = 128 * 2 ** 20;

export function createMetrics(deps: { store: Store; clock: Clock; knownBytesMax?: number }): Metrics {
  const { store, clock } = deps;
  const known = createKnownPoints({ bytesMax: deps.knownBytesMax ?? knownBytesMax });
  const lateness = createLateness(store, clock);
  return {
    ...createMetricReads(store),
    merge: createMerge({ store, known, lateness }),
    forget: known.forget,
    findChanges: (filter, page) => findChanges(store, filter, page),
    findDelays: async (filter) => {
      await lateness.flush();
      return findDelays(store, filter, clock.now());
    },
    flush: lateness.flush,
  };
}
