import { AppError, type Clock } from "../base/index.ts";
import { createGroupCommit } from "./group-commit.ts";
import type { Store } from "./store.ts";
import { readFeed, type TrailFeedPage, type TrailFeedRequest } from "./trail-feed.ts";
import {
  searchTrailEvents,
  type TrailCategory,
  type TrailEventSearch,
  type TrailSearchPage,
} from "./trail-search.ts";

/** An audit record with what it is looked up by. */
export interface TrailEventRow {
  readonly eventId: string;
  readonly eventTimeMs: number;
  readonly category: TrailCategory;
  readonly eventSource: string;
  readonly eventName: string;
  readonly readOnly: boolean;
  readonly userName: string;
  /** Empty when no access key signed. */
  readonly accessKeyId: string;
  /** Of the API key or the token that proved the caller; empty without one. */
  readonly credentialId: string;
  readonly sourceIp: string;
  /** Empty when the call succeeded; for a call that is yet to be made what it is shown with if its outcome never comes. */
  readonly errorCode: string;
  readonly resourceTypes: readonly string[];
  /** Every name that a resource can be looked up by. */
  readonly resourceNames: readonly string[];
  /** False for a call that is yet to be made; the row with the outcome replaces it. */
  readonly complete: boolean;
  /** The whole record as JSON. */
  readonly record: string;
}

export interface TrailEvents {
  /**
   * Resolves when the rows have survived a power failure; concurrent writes share a sync. Writing a row again changes nothing.
   * Throws `store_unavailable`, `storage_full`; then the rows may or may not be stored.
   */
  write(rows: readonly TrailEventRow[]): Promise<void>;
  /** Newest first. */
  search(search: TrailEventSearch): Promise<TrailSearchPage>;
  /** What was recorded in a stretch of time, in the order of recording. */
  readFeed(request: TrailFeedRequest): Promise<TrailFeedPage>;
  /** Drops the days that end before this time; the numbers of days dropped. */
  dropBefore(ms: number): Promise<number>;
}

/**
 * No row becomes visible later than this after its `recorded_at`: what follows the records by that time, and stays this far
 * behind the clock, misses none. Clocks of several servers may differ by the other half of what a follower waits.
 */
export const trailWriteMsMax = 7_500;

const rowsPerInsert = 5_000;
const attemptsMax = 3;

export function createTrailEvents({ store, clock }: { store: Store; clock: Clock }): TrailEvents {
  const insert = async (rows: readonly TrailEventRow[]) => {
    // What took longer is written once more, with a later time; the repetition replaces it.
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const startedAt = clock.monotonic();
      const recordedAt = formatMilliseconds(clock.now());
      await store.insert(
        "trail_events",
        rows.map((row) => toColumns(row, recordedAt)),
      );
      if (clock.monotonic() - startedAt <= trailWriteMsMax) return;
    }
    throw new AppError("store_unavailable", {
      detail: { store: "telemetry", reason: "audit records are written too slowly" },
    });
  };
  const commit = createGroupCommit<TrailEventRow>(insert, { itemsMax: rowsPerInsert, atOnce: 1 });
  return {
    write: commit.write,
    search: (search) => searchTrailEvents(store, search),
    readFeed: (request) => readFeed(store, request),
    dropBefore: (ms) => dropDaysBefore(store, ms),
  };
}

/** Half of a surrogate pair, which callers can put into a name, would make ClickHouse refuse the rows of everybody. */
function toColumns(row: TrailEventRow, recordedAt: string): object {
  return {
    category: row.category,
    event_time: formatMilliseconds(row.eventTimeMs),
    event_id: row.eventId,
    complete: row.complete ? 1 : 0,
    recorded_at: recordedAt,
    event_source: row.eventSource.toWellFormed(),
    event_name: row.eventName.toWellFormed(),
    read_only: row.readOnly,
    user_name: row.userName.toWellFormed(),
    access_key_id: row.accessKeyId.toWellFormed(),
    credential_id: row.credentialId.toWellFormed(),
    source_ip: row.sourceIp.toWellFormed(),
    error_code: row.errorCode.toWellFormed(),
    resource_types: row.resourceTypes.map((type) => type.toWellFormed()),
    resource_names: row.resourceNames.map((name) => name.toWellFormed()),
    record_bytes: Buffer.byteLength(row.record),
    record: row.record,
  };
}

async function dropDaysBefore(store: Store, ms: number): Promise<number> {
  const day = Number(new Date(ms).toISOString().slice(0, 10).replaceAll("-", ""));
  const found = await store.select<{ partition: string }>(
    "SELECT DISTINCT _partition_id AS partition FROM trail_events WHERE event_time < fromUnixTimestamp64Milli({to:Int64}, 'UTC')",
    { to: ms },
  );
  const old = found.map(({ partition }) => Number(partition)).filter((number) => number < day);
  for (const partition of old) {
    await store.command(`ALTER TABLE trail_events DROP PARTITION ID '${partition}'`);
  }
  return old.length;
}

/** As ClickHouse reads a DateTime64(3). */
function formatMilliseconds(ms: number): string {
  return new Date(ms).toISOString().replace("T", " ").slice(0, -1);
}
