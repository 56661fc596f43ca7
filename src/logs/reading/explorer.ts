import { type Clock, readToken, writeToken, wrongCursor } from "../../base/index.ts";
import type {
  LogEvent,
  LogEventPage,
  LogEventQuery,
  LogHistogram,
  LogHistogramQuery,
  LogTail,
  LogTailQuery,
} from "../../contract/index.ts";
import type { LogMessageFilter, LogPlace, StoredLogEvent, Telemetry } from "../../telemetry/index.ts";
import { futureMsMax, visibleFrom } from "../age-rules.ts";
import { getGroup, type LogDirectory, type LogGroupEntry } from "../directory.ts";
import { eventId } from "./event-ids.ts";
import { chooseStepMs } from "./histogram-steps.ts";
import { readFilter } from "./read-filter.ts";
import { findStreamIds, selectionOf, withStreamNames } from "./selection.ts";
import {
  type Arrival,
  advance,
  createTailStates,
  newestOf,
  overlapMs,
  type TailState,
} from "./tail-states.ts";

/** Reading events for the console and the CLI. All throw `log_group_not_found`, `log_stream_not_found`, `filter_pattern_invalid`. */
export interface LogExplorer {
  events(query: LogEventQuery): Promise<LogEventPage>;
  histogram(query: LogHistogramQuery): Promise<LogHistogram>;
  tail(query: LogTailQuery): Promise<LogTail>;
}

export interface ExplorerDeps {
  readonly telemetry: Pick<Telemetry, "logReads">;
  readonly directory: LogDirectory;
  readonly clock: Pick<Clock, "now">;
}

const pageBytesMax = 4 * 2 ** 20;
/** A person waits; what was not searched by then is the next page. */
const searchMsMax = 3_000;
const tailStartMs = 5 * 60_000;
const tailStartEvents = 50;

export function createLogExplorer(deps: ExplorerDeps): LogExplorer {
  const { clock } = deps;
  const { logReads } = deps.telemetry;
  const states = createTailStates();
  let cursors = 0;

  const startTail = async (
    wanted: Wanted,
  ): Promise<{ found: readonly StoredLogEvent[]; state: TailState }> => {
    const now = clock.now();
    const { events } = await logReads.page({
      ...selectionOf(wanted.group, now, { fromMs: now - tailStartMs, toMs: now + futureMsMax + 1 }),
      ...wanted.which,
      order: "desc",
      limit: tailStartEvents,
      bytesMax: pageBytesMax,
      timeMsMax: searchMsMax,
    });
    const newest = newestOf(events);
    // What came in before the newest event shown is no news.
    const sinceMs = newest ? newest.ingestionMs + 1 : now - overlapMs;
    return { found: events.toReversed(), state: { sinceMs, floor: newest, seen: [] } };
  };
  const goOn = async (
    wanted: Wanted,
    before: TailState,
    limit: number,
  ): Promise<{ found: readonly StoredLogEvent[]; state: TailState }> => {
    const nowMs = clock.now();
    const found = await logReads.arrivals({
      logGroupId: wanted.group.id,
      exceptStreamIds: wanted.group.deletedStreamIds,
      ...wanted.which,
      fromMs: visibleFrom(nowMs, wanted.group.retentionDays),
      sinceMs: before.sinceMs,
      behind: before.floor,
      except: before.seen.map(({ sequence }) => sequence),
      limit,
    });
    return { found, state: advance(before, found, { nowMs, isFull: found.length > 0 }) };
  };

  return {
    events: async (query) => {
      const wanted = await wantedOf(deps, query);
      const list = [
        "events",
        wanted.group.id,
        query.stream,
        query.pattern,
        query.from,
        query.to,
        query.order,
      ];
      const page = await logReads.page({
        ...selectionOf(wanted.group, clock.now(), { fromMs: query.from, toMs: query.to }),
        ...wanted.which,
        order: query.order,
        behind: query.cursor === undefined ? undefined : placeOf(list, query.cursor),
        limit: query.limit,
        bytesMax: pageBytesMax,
        timeMsMax: searchMsMax,
      });
      const { next } = page;
      return {
        items: await describe(deps.directory, wanted.group, page.events),
        nextCursor: next ? writeToken(list, [next.timestampMs, next.ingestionMs, next.sequence]) : null,
      };
    },
    histogram: async (query) => {
      const wanted = await wantedOf(deps, query);
      const stepMs = chooseStepMs(query.from, query.to, query.buckets);
      const buckets = await logReads.histogram(
        {
          ...selectionOf(wanted.group, clock.now(), { fromMs: query.from, toMs: query.to }),
          ...wanted.which,
        },
        stepMs,
      );
      return { stepMs, buckets, total: buckets.reduce((sum, { count }) => sum + count, 0) };
    },
    tail: async (query) => {
      const wanted = await wantedOf(deps, query);
      const list = ["tail", wanted.group.id, query.stream, query.pattern];
      const { cursor: behind } = query;
      const told = behind === undefined ? undefined : stateOf(list, behind);
      const { found, state } = told
        ? await goOn(wanted, states.get(behind!) ?? told, query.limit)
        : await startTail(wanted);
      const newest = newestOf(state.seen) ?? state.floor ?? { ingestionMs: 0, sequence: 0 };
      cursors += 1;
      const cursor = writeToken(list, [state.sinceMs, newest.ingestionMs, newest.sequence, cursors]);
      states.set(cursor, state);
      return { items: await describe(deps.directory, wanted.group, found), cursor };
    },
  };
}

interface Wanted {
  readonly group: LogGroupEntry;
  readonly which: {
    readonly logStreamIds: readonly number[] | undefined;
    readonly filter: LogMessageFilter | undefined;
  };
}

async function wantedOf(
  { directory }: ExplorerDeps,
  query: { readonly group: string; readonly stream: readonly string[]; readonly pattern: string },
): Promise<Wanted> {
  const filter = readFilter(query.pattern);
  const group = await getGroup(directory, query.group);
  return { group, which: { filter, logStreamIds: await findStreamIds(directory, group, query.stream) } };
}

function placeOf(list: readonly unknown[], cursor: string): LogPlace {
  const position = readToken(list, cursor, ["natural", "natural", "natural"]);
  if (!position) throw wrongCursor();
  const [timestampMs, ingestionMs, sequence] = position;
  return { timestampMs, ingestionMs, sequence };
}

/** All that a cursor tells where its state is not remembered. */
function stateOf(list: readonly unknown[], cursor: string): TailState {
  const position = readToken(list, cursor, ["natural", "natural", "natural", "natural"]);
  if (!position) throw wrongCursor();
  const [sinceMs, ingestionMs, sequence] = position;
  if (ingestionMs === 0) return { sinceMs, floor: undefined, seen: [] };
  const floor: Arrival = { ingestionMs, sequence };
  return { sinceMs: ingestionMs, floor, seen: [] };
}

async function describe(
  directory: LogDirectory,
  group: LogGroupEntry,
  events: readonly StoredLogEvent[],
): Promise<LogEvent[]> {
  return (await withStreamNames(directory, group, events)).map((event) => ({
    id: eventId(event),
    timestamp: new Date(event.timestampMs).toISOString(),
    timestampMs: event.timestampMs,
    ingestionTime: new Date(event.ingestionMs).toISOString(),
    stream: event.stream,
    message: event.message,
  }));
}
