import type { Store } from "./store.ts";

/** A place in the order of recording. */
export interface TrailFeedPlace {
  readonly recordedAtMs: number;
  readonly eventId: string;
}

export interface TrailFeedRequest {
  /** `outcomes` are complete records; `open` are those of calls that have none by now. */
  readonly kind: "outcomes" | "open";
  readonly categories: readonly string[];
  readonly behind: TrailFeedPlace;
  /** Inclusive. */
  readonly upToMs: number;
  readonly rowsMax: number;
  /** Of the records' text; at least one record is given, however long. */
  readonly bytesMax: number;
}

export interface FedTrailEvent {
  readonly eventId: string;
  readonly eventTimeMs: number;
  readonly recordedAtMs: number;
  readonly record: string;
}

export interface TrailFeedPage {
  readonly events: readonly FedTrailEvent[];
  /** Where the next page starts; undefined when nothing is left up to the end of the stretch. */
  readonly next: TrailFeedPlace | undefined;
}

/**
 * An outcome is recorded at most this long after its call was made; it keeps a page from opening the parts of every day that
 * is kept.
 */
const callMsMax = 7 * 86_400_000;

const behind =
  "(recorded_at, event_id) > (fromUnixTimestamp64Milli({behindAt:Int64}, 'UTC'), {behindId:UUID})";

/** The rows of a stretch. The first condition on recorded_at is for its index, which takes no tuples. */
const stretch = `category IN ({categories:Array(String)})
  AND recorded_at >= fromUnixTimestamp64Milli({behindAt:Int64}, 'UTC')
  AND recorded_at <= fromUnixTimestamp64Milli({upTo:Int64}, 'UTC')
  AND event_time >= fromUnixTimestamp64Milli({behindAt:Int64} - ${callMsMax}, 'UTC')
  AND ${behind}`;

/** A call whose outcome was recorded is among the outcomes; the row of its intent may still be there, or be merged away. */
const withoutOutcome = `(category, event_time, event_id) NOT IN (
  SELECT category, event_time, event_id FROM trail_events
  WHERE complete = 1 AND (category, event_time, event_id) IN (
    SELECT category, event_time, event_id FROM trail_events WHERE complete = 0 AND ${stretch}
  )
)`;

const conditions: Readonly<Record<TrailFeedRequest["kind"], string>> = {
  outcomes: `complete = 1 AND ${stretch}`,
  open: `complete = 0 AND ${stretch} AND ${withoutOutcome}`,
};

interface KeyRow {
  readonly eventId: string;
  readonly recordedAtMs: number;
  readonly bytes: number;
}

/** Keys first, so that a page of long records is cut before they are read. */
export async function readFeed(store: Store, request: TrailFeedRequest): Promise<TrailFeedPage> {
  const parameters = {
    categories: request.categories,
    behindAt: request.behind.recordedAtMs,
    behindId: request.behind.eventId,
    upTo: request.upToMs,
  };
  const keys = await store.select<KeyRow>(
    `SELECT toString(event_id) AS eventId, toUnixTimestamp64Milli(recorded_at) AS recordedAtMs, record_bytes AS bytes
    FROM trail_events WHERE ${conditions[request.kind]}
    ORDER BY trail_events.recorded_at, trail_events.event_id LIMIT {limit:UInt32}`,
    { ...parameters, limit: request.rowsMax },
  );
  const count = countWithin(keys, request.bytesMax);
  const last = keys[count - 1];
  if (!last) return { events: [], next: undefined };
  const events = await store.select<FedTrailEvent>(
    `SELECT toString(event_id) AS eventId, toUnixTimestamp64Milli(event_time) AS eventTimeMs,
      toUnixTimestamp64Milli(recorded_at) AS recordedAtMs, record
    FROM trail_events WHERE ${conditions[request.kind]}
      AND (recorded_at, event_id) <= (fromUnixTimestamp64Milli({lastAt:Int64}, 'UTC'), {lastId:UUID})
    ORDER BY trail_events.recorded_at, trail_events.event_id LIMIT 1 BY event_id`,
    { ...parameters, lastAt: last.recordedAtMs, lastId: last.eventId },
  );
  const isLast = keys.length < request.rowsMax && count === keys.length;
  return { events, next: isLast ? undefined : { recordedAtMs: last.recordedAtMs, eventId: last.eventId } };
}

/** How many of the first rows have at most so many bytes together; at least one. */
export function countWithin(keys: readonly { readonly bytes: number }[], bytesMax: number): number {
  let bytes = 0;
  const first = keys.findIndex((key) => {
    bytes += key.bytes;
    return bytes > bytesMax;
  });
  return first < 0 ? keys.length : Math.max(first, 1);
}
