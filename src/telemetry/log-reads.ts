import { AppError, type Clock } from "../base/index.ts";
import type { Parameters } from "./parameters.ts";
import type { Store } from "./store.ts";

/** Which events of a group are meant. */
export interface LogSelection {
  readonly logGroupId: number;
  /** Absent: those of all streams. */
  readonly logStreamIds?: readonly number[] | undefined;
  readonly exceptStreamIds?: readonly number[] | undefined;
  /** Times of events: inclusive. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  readonly filter?: LogMessageFilter | undefined;
}

/** A condition on the column `message`; its values are parameters of type String. */
export interface LogMessageFilter {
  readonly condition: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Every event has its own place, and places are in the order in which events are read. */
export interface LogPlace {
  readonly timestampMs: number;
  readonly ingestionMs: number;
  readonly sequence: number;
}

export interface StoredLogEvent extends LogPlace {
  readonly logStreamId: number;
  readonly message: string;
}

export interface LogPageRequest extends LogSelection {
  readonly order: "asc" | "desc";
  /** Only what follows this place in the order asked for. */
  readonly behind?: LogPlace | undefined;
  readonly limit: number;
  /** Of messages with the overhead of each; at least one event is given. */
  readonly bytesMax: number;
  /** After this the search stops where it is. A single statement may take it beyond by a few seconds. */
  readonly timeMsMax: number;
}

export interface LogPage {
  readonly events: readonly StoredLogEvent[];
  /** Behind which the next page starts; undefined when nothing is left. There can be a next page after an empty one. */
  readonly next: LogPlace | undefined;
}

export interface LogArrivalsRequest extends Omit<LogSelection, "fromMs" | "toMs"> {
  /** Times of arrival: inclusive. */
  readonly sinceMs: number;
  /** Times of events: inclusive. */
  readonly fromMs: number;
  /** Only what came in behind this event, by time of arrival and sequence. */
  readonly behind?: Omit<LogPlace, "timestampMs"> | undefined;
  /** Sequences of events that are not wanted again. */
  readonly except: readonly number[];
  readonly limit: number;
}

/** The read side of log events. Throws `query_timed_out`, `query_too_large`, `store_unavailable`. */
export interface LogReads {
  page(request: LogPageRequest): Promise<LogPage>;
  /** What came in, in the order of arrival. */
  arrivals(request: LogArrivalsRequest): Promise<StoredLogEvent[]>;
  /** Events per stretch of `stepMs`, by its start; empty ones are absent. */
  histogram(selection: LogSelection, stepMs: number): Promise<{ startMs: number; count: number }[]>;
}

/** AWS counts every event as so many bytes more than its message has in UTF-8. */
export const logEventOverheadBytes = 26;

/**
 * An event comes in at most two hours before its time and 14 days after it. A little more here, because clocks differ; it only
 * decides which days' parts are opened.
 */
const hourMs = 3_600_000;
const arrivalBeforeMs = 3 * hourMs;
const arrivalAfterMs = 15 * 24 * hourMs;

export function createLogReads(deps: { store: Store; clock: Pick<Clock, "monotonic"> }): LogReads {
  const { store, clock } = deps;
  return {
    page: (request) => search(store, clock, request),
    arrivals: (request) => readArrivals(store, request),
    histogram: (selection, stepMs) => readHistogram(store, selection, stepMs),
  };
}

/** The first stretch of time that is searched at once, and how much longer or shorter the next one can be. */
const firstStretchMs = 15 * 60_000;
const stretchMsMin = 1_000;
const statementMsMax = 5_000;
const shrinkage = 8;

/** However slow, short stretches must not add up to no progress; a statement that takes too long is cut anyway. */
function growthAfter(statementMs: number): number {
  return statementMs < 300 ? 8 : 2;
}

/**
 * A search that finds little has to read everything, however much that is. So it goes stretch by stretch, each as long as the
 * one before was quick, and stops between two of them when its time is up. Short stretches also keep the newest page of a group
 * from opening the parts of every day.
 */
async function search(
  store: Store,
  clock: Pick<Clock, "monotonic">,
  request: LogPageRequest,
): Promise<LogPage> {
  const began = clock.monotonic();
  const events: StoredLogEvent[] = [];
  let bytes = 0;
  let stretchMs = firstStretchMs;
  let left = await boundsOf(store, request);
  while (left && left.fromMs < left.toMs) {
    const stretch = cut(left, request.order, stretchMs);
    const stretchBegan = clock.monotonic();
    const limit = request.limit - events.length;
    const found = await readStretch(store, {
      ...request,
      ...stretch,
      limit,
      bytesMax: request.bytesMax - bytes,
    });
    if (found === "too-slow") {
      stretchMs = (stretch.toMs - stretch.fromMs) / shrinkage;
      if (stretchMs < stretchMsMin) throw new AppError("query_timed_out");
      continue;
    }
    for (const event of found.events) {
      // The store gives one event at least, and with those of earlier stretches it may be too much.
      bytes += sizeOf(event);
      if (bytes > request.bytesMax && events.length > 0) return { events, next: placeOf(events.at(-1)!) };
      events.push(event);
    }
    if (found.more) return { events, next: placeOf(events.at(-1)!) };
    left = request.order === "asc" ? { ...left, fromMs: stretch.toMs } : { ...left, toMs: stretch.fromMs };
    const isFull = events.length >= request.limit || bytes >= request.bytesMax;
    if (isFull || clock.monotonic() - began >= request.timeMsMax) {
      return { events, next: left.fromMs < left.toMs ? borderOf(left, request.order) : undefined };
    }
    stretchMs *= growthAfter(clock.monotonic() - stretchBegan);
  }
  return { events, next: undefined };
}

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The part of a stretch that is read first. */
function cut({ fromMs, toMs }: Stretch, order: LogPageRequest["order"], stretchMs: number): Stretch {
  const length = Math.ceil(stretchMs);
  return order === "asc"
    ? { fromMs, toMs: Math.min(toMs, fromMs + length) }
    : { fromMs: Math.max(fromMs, toMs - length), toMs };
}

/** The place behind which a search goes on with this stretch: no event has it, since each has a time of arrival. */
function borderOf({ fromMs, toMs }: Stretch, order: LogPageRequest["order"]): LogPlace {
  return { timestampMs: order === "asc" ? fromMs : toMs, ingestionMs: 0, sequence: 0 };
}

function placeOf({ timestampMs, ingestionMs, sequence }: LogPlace): LogPlace {
  return { timestampMs, ingestionMs, sequence };
}

function sizeOf({ message }: StoredLogEvent): number {
  return Buffer.byteLength(message) + logEventOverheadBytes;
}

/** The times between which the group has events at all; undefined when it has none. */
async function boundsOf(store: Store, request: LogPageRequest): Promise<Stretch | undefined> {
  const { logGroupId, order, behind } = request;
  const fromMs = order === "asc" && behind ? Math.max(request.fromMs, behind.timestampMs) : request.fromMs;
  const toMs = order === "desc" && behind ? Math.min(request.toMs, behind.timestampMs + 1) : request.toMs;
  if (fromMs >= toMs) return undefined;
  const { condition, parameters } = selectionCondition({ logGroupId, fromMs, toMs });
  const firstIn = (direction: LogPageRequest["order"]) =>
    `(SELECT timestamp FROM log_events WHERE ${condition} ORDER BY ${placeOrder(direction)} LIMIT 1)`;
  const [row] = await store.select<{ first: number | null; last: number | null }>(
    `SELECT ${firstIn("asc")} AS first, ${firstIn("desc")} AS last`,
    parameters,
  );
  if (!row || row.first === null || row.last === null) return undefined;
  return { fromMs: row.first, toMs: row.last + 1 };
}

/** The order of the table, in which a statement stops reading at its limit. */
function placeOrder(order: LogPageRequest["order"]): string {
  const direction = order === "asc" ? "ASC" : "DESC";
  return `timestamp ${direction}, ingestion_time ${direction}, sequence ${direction}`;
}

async function readStretch(store: Store, request: LogPageRequest): Promise<FoundEvents | "too-slow"> {
  const { order, behind } = request;
  const { condition, parameters } = selectionCondition(request);
  const isBehind = behind
    ? ` AND (timestamp, ingestion_time, sequence) ${order === "asc" ? ">" : "<"}
        ({behindTimestamp:Int64}, {behindIngestion:Int64}, {behindSequence:UInt64})`
    : "";
  try {
    return await readEvents(store, {
      condition: condition + isBehind,
      parameters: {
        ...parameters,
        ...(behind && {
          behindTimestamp: behind.timestampMs,
          behindIngestion: behind.ingestionMs,
          behindSequence: behind.sequence,
        }),
      },
      orderBy: placeOrder(order),
      limit: request.limit,
      bytesMax: request.bytesMax,
    });
  } catch (error) {
    if (error instanceof AppError && error.code === "query_timed_out") return "too-slow";
    throw error;
  }
}

const arrivalsBytesMax = 5 * 2 ** 20;

async function readArrivals(store: Store, request: LogArrivalsRequest): Promise<StoredLogEvent[]> {
  const { sinceMs, fromMs, behind, except } = request;
  const { condition, parameters } = streamsCondition(request);
  const isBehind = behind
    ? " AND (ingestion_time, sequence) > ({behindIngestion:Int64}, {behindSequence:UInt64})"
    : "";
  const { events } = await readEvents(store, {
    condition: `${condition} AND ingestion_time >= {since:Int64} AND timestamp >= {from:Int64}
      AND sequence NOT IN (SELECT arrayJoin({except:Array(UInt64)}))${isBehind}`,
    parameters: {
      ...parameters,
      since: sinceMs,
      from: fromMs,
      except,
      ...(behind && { behindIngestion: behind.ingestionMs, behindSequence: behind.sequence }),
    },
    orderBy: "ingestion_time, sequence",
    limit: request.limit,
    bytesMax: arrivalsBytesMax,
  });
  return events;
}

interface EventsQuery {
  readonly condition: string;
  readonly parameters: Parameters;
  readonly orderBy: string;
  readonly limit: number;
  readonly bytesMax: number;
}

interface FoundEvents {
  readonly events: StoredLogEvent[];
  /** Whether there are more than were asked for. */
  readonly more: boolean;
}

/** In the order asked for, up to the limit and so many bytes, but one at least if there is one. */
async function readEvents(store: Store, query: EventsQuery): Promise<FoundEvents> {
  const { condition, parameters, orderBy, limit, bytesMax } = query;
  try {
    const rows = await store.select<StoredLogEvent & { found: number }>(
      `SELECT timestamp AS timestampMs, ingestion_time AS ingestionMs, sequence, log_stream_id AS logStreamId, message, found
      FROM (
        SELECT *, count() OVER () AS found, row_number() OVER (ORDER BY ${orderBy}) AS place,
          sum(length(message) + ${logEventOverheadBytes}) OVER (ORDER BY ${orderBy}) AS bytes
        FROM (
          SELECT timestamp, ingestion_time, sequence, log_stream_id, message FROM log_events
          WHERE ${condition} ORDER BY ${orderBy} LIMIT {limit:UInt32} + 1
        )
      )
      WHERE place = 1 OR (place <= {limit:UInt32} AND bytes <= {bytesMax:Int64})
      ORDER BY place`,
      { ...parameters, limit, bytesMax },
      { timeMsMax: statementMsMax },
    );
    return {
      events: rows.map(({ found: _found, ...event }) => event),
      more: rows.length > 0 && rows[0]!.found > rows.length,
    };
  } catch (error) {
    // Long messages, of which the engine cannot hold as many.
    const isTooLarge = error instanceof AppError && error.code === "query_too_large";
    if (!isTooLarge || limit === 1) throw error;
    return readEvents(store, { ...query, limit: Math.ceil(limit / 16) });
  }
}

function readHistogram(
  store: Store,
  selection: LogSelection,
  stepMs: number,
): Promise<{ startMs: number; count: number }[]> {
  const { condition, parameters } = selectionCondition(selection);
  return store.select(
    `SELECT intDiv(timestamp, {step:Int64}) * {step:Int64} AS startMs, count() AS count FROM log_events
    WHERE ${condition} GROUP BY startMs ORDER BY startMs`,
    { ...parameters, step: stepMs },
  );
}

interface Condition {
  readonly condition: string;
  readonly parameters: Parameters;
}

function selectionCondition(selection: LogSelection): Condition {
  const { fromMs, toMs } = selection;
  const { condition, parameters } = streamsCondition(selection);
  return {
    condition: `${condition} AND timestamp >= {from:Int64} AND timestamp < {to:Int64}
      AND ingestion_time >= {from:Int64} - ${arrivalBeforeMs} AND ingestion_time < {to:Int64} + ${arrivalAfterMs}`,
    parameters: { ...parameters, from: fromMs, to: toMs },
  };
}

/** Group, streams and messages. */
function streamsCondition(
  selection: Pick<LogSelection, "logGroupId" | "logStreamIds" | "exceptStreamIds" | "filter">,
): Condition {
  const { logGroupId, logStreamIds, exceptStreamIds = [], filter } = selection;
  const conditions = ["log_group_id = {group:UInt32}"];
  if (logStreamIds) conditions.push("log_stream_id IN (SELECT arrayJoin({streams:Array(UInt64)}))");
  if (exceptStreamIds.length > 0) {
    conditions.push("log_stream_id NOT IN (SELECT arrayJoin({exceptStreams:Array(UInt64)}))");
  }
  if (filter) conditions.push(filter.condition);
  return {
    condition: conditions.join(" AND "),
    parameters: {
      ...filter?.parameters,
      group: logGroupId,
      ...(logStreamIds && { streams: logStreamIds }),
      ...(exceptStreamIds.length > 0 && { exceptStreams: exceptStreamIds }),
    },
  };
}
