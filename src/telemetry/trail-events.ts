import { AppError, type Clock } from "../base/index.ts";
import { createGroupCommit } from "./group-commit.ts";
import type { Parameters } from "./parameters.ts";
import type { Store } from "./store.ts";
import { readFeed, type TrailEventPage, type TrailFeedRequest } from "./trail-feed.ts";

export type TrailCategory = "Management" | "Data";

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
  readonly resourceTypes: readonly string[];
  /** Every name that a resource can be looked up by. */
  readonly resourceNames: readonly string[];
  /** False for a call that is yet to be made; the row with the outcome replaces it. */
  readonly complete: boolean;
  /** The whole record as JSON. */
  readonly record: string;
}

export type TrailAttribute =
  | "eventId"
  | "eventName"
  | "readOnly"
  | "userName"
  | "resourceType"
  | "resourceName"
  | "eventSource"
  | "accessKeyId";

/** The place of an event among those of its category, which are ordered by time and id. */
export interface TrailPlace {
  readonly eventTimeMs: number;
  readonly eventId: string;
}

export interface TrailEventQuery {
  readonly category: TrailCategory;
  readonly attribute?: { readonly name: TrailAttribute; readonly value: string } | undefined;
  /** Both inclusive. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Calls without outcome are found when they were made by then. */
  readonly openUntilMs: number;
  /** Only what comes before this place, which is the last of the page before. */
  readonly before?: TrailPlace | undefined;
  readonly limit: number;
}

export interface StoredTrailEvent extends TrailPlace {
  readonly complete: boolean;
  readonly record: string;
}

export interface TrailEvents {
  /**
   * Resolves when the rows have survived a power failure; concurrent writes share a sync. Writing a row again changes nothing.
   * Throws `store_unavailable`, `storage_full`; then the rows may or may not be stored.
   */
  write(rows: readonly TrailEventRow[]): Promise<void>;
  /** Newest first. */
  find(query: TrailEventQuery): Promise<StoredTrailEvent[]>;
  /** What was recorded in a stretch of time, in the order of recording. */
  readFeed(request: TrailFeedRequest): Promise<TrailEventPage>;
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
    find: (query) => findEvents(store, query),
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
    resource_types: row.resourceTypes.map((type) => type.toWellFormed()),
    resource_names: row.resourceNames.map((name) => name.toWellFormed()),
    record_bytes: Buffer.byteLength(row.record),
    record: row.record,
  };
}

const attributeConditions: Readonly<Record<TrailAttribute, string>> = {
  eventId: "toString(event_id) = {value:String}",
  eventName: "event_name = {value:String}",
  readOnly: "read_only = ({value:String} = 'true')",
  userName: "user_name = {value:String}",
  resourceType: "has(resource_types, {value:String})",
  resourceName: "has(resource_names, {value:String})",
  eventSource: "event_source = {value:String}",
  accessKeyId: "access_key_id = {value:String}",
};

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function findEvents(store: Store, query: TrailEventQuery): Promise<StoredTrailEvent[]> {
  const { attribute, before } = query;
  const conditions = [
    "category = {category:String}",
    "event_time >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')",
    "event_time <= fromUnixTimestamp64Milli({to:Int64}, 'UTC')",
    "(complete = 1 OR event_time <= fromUnixTimestamp64Milli({openUntil:Int64}, 'UTC'))",
  ];
  const parameters: Record<string, Parameters[string]> = {
    category: query.category,
    from: query.fromMs,
    to: query.toMs,
    openUntil: query.openUntilMs,
    limit: query.limit,
  };
  if (attribute?.name === "eventId") {
    // As a UUID, so that its index is used.
    if (!uuidPattern.test(attribute.value)) return [];
    conditions.push("event_id = {value:UUID}");
    parameters.value = attribute.value.toLowerCase();
  } else if (attribute) {
    conditions.push(attributeConditions[attribute.name]);
    parameters.value = attribute.value;
  }
  if (before) {
    conditions.push(
      "(event_time, event_id) < (fromUnixTimestamp64Milli({beforeTime:Int64}, 'UTC'), {beforeId:UUID})",
    );
    parameters.beforeTime = before.eventTimeMs;
    parameters.beforeId = before.eventId;
  }
  const rows = await store.select<StoredTrailEvent & { complete: unknown }>(
    `SELECT toString(event_id) AS eventId, toUnixTimestamp64Milli(event_time) AS eventTimeMs, complete, record
    FROM trail_events
    WHERE ${conditions.join(" AND ")}
    ORDER BY trail_events.event_time DESC, trail_events.event_id DESC, complete DESC
    LIMIT 1 BY event_id
    LIMIT {limit:UInt32}`,
    parameters,
  );
  return rows.map((row) => ({ ...row, complete: Boolean(row.complete) }));
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
