import type { Clock } from "../../base/index.ts";
import type { Database } from "../../db/index.ts";
import type { LogPage, LogPlace, Telemetry } from "../../telemetry/index.ts";
import { checkInput, invalidParameter, rules } from "../api/checks.ts";
import { type Access, groupNameOf, logsOperation, type NamesGroup } from "../api/operation.ts";
import { readPage, writeNextToken } from "../api/paging.ts";
import type { ArnPlace } from "../arns.ts";
import { getGroup, type LogDirectory, type LogGroupEntry } from "../directory.ts";
import { patternCharactersMax } from "../filter-pattern/pattern.ts";
import { listStreams } from "../stream-queries.ts";
import { eventId } from "./event-ids.ts";
import { readAwsFilter } from "./read-filter.ts";
import { type ReadToken, readReadToken, writeReadToken } from "./read-tokens.ts";
import { findStreamIds, selectionOf, withStreamNames } from "./selection.ts";

interface GetLogEvents extends NamesGroup {
  readonly logStreamName: string;
  readonly startTime?: number;
  readonly endTime?: number;
  readonly nextToken?: string;
  readonly limit?: number;
  readonly startFromHead?: boolean;
}

interface FilterLogEvents extends NamesGroup {
  readonly logStreamNames?: readonly string[];
  readonly logStreamNamePrefix?: string;
  readonly startTime?: number;
  readonly endTime?: number;
  readonly filterPattern?: string;
  readonly nextToken?: string;
  readonly limit?: number;
}

export interface ReadDeps {
  readonly db: Pick<Database, "kysely">;
  readonly telemetry: Pick<Telemetry, "logReads">;
  readonly directory: LogDirectory;
  readonly access: Access;
  readonly place: ArnPlace;
  readonly clock: Pick<Clock, "now">;
}

const eventsMax = 10_000;
const pageBytesMax = 2 ** 20;
/** Clients give up after a minute at the earliest; a page that is short by then says where to go on. */
const searchMsMax = 5_000;
const streamNamesMax = 100;
const streamsWithPrefixMax = 50_000;

/** GetLogEvents and FilterLogEvents. */
export function createReadOperations(deps: ReadDeps) {
  const { access, place } = deps;
  return {
    GetLogEvents: logsOperation<GetLogEvents, object>({
      readOnly: true,
      access: async (input) => [
        await access.stream("GetLogEvents", groupNameOf(place, input), input.logStreamName),
      ],
      handle: (input) => getLogEvents(deps, input),
    }),
    FilterLogEvents: logsOperation<FilterLogEvents, object>({
      readOnly: true,
      access: async ({ logGroupName, logGroupIdentifier }) => [
        await access.identifier("FilterLogEvents", logGroupIdentifier ?? logGroupName ?? ""),
      ],
      handle: (input) => filterLogEvents(deps, input),
    }),
  };
}

async function getLogEvents(deps: ReadDeps, input: GetLogEvents) {
  const { directory, clock, telemetry } = deps;
  checkRange(input).text("logStreamName", input.logStreamName, rules.streamName).done();
  const group = await getGroup(directory, groupNameOf(deps.place, input));
  const [streamId = 0] = (await findStreamIds(directory, group, [input.logStreamName])) ?? [];
  const token = input.nextToken === undefined ? undefined : readReadToken(streamId, input.nextToken);
  if (input.nextToken !== undefined && !token) throw invalidParameter("The specified nextToken is invalid.");
  const direction = token?.direction ?? (input.startFromHead ? "f" : "b");
  const page = await telemetry.logReads.page({
    ...selectionOf(group, clock.now(), { fromMs: input.startTime, toMs: input.endTime }),
    logStreamIds: [streamId],
    order: direction === "f" ? "asc" : "desc",
    behind: token?.place,
    limit: input.limit ?? eventsMax,
    bytesMax: pageBytesMax,
    timeMsMax: searchMsMax,
  });
  const events = direction === "f" ? page.events : page.events.toReversed();
  const write = (each: ReadToken) => writeReadToken(streamId, each);
  const start = { timestampMs: input.startTime ?? 0, ingestionMs: 0, sequence: 0 };
  return {
    events: events.map(({ timestampMs, ingestionMs, message }) => ({
      timestamp: timestampMs,
      message,
      ingestionTime: ingestionMs,
    })),
    nextForwardToken: write({
      direction: "f",
      place: nextPlace("f", direction, page, token?.place ?? start),
    }),
    nextBackwardToken: write({
      direction: "b",
      place: nextPlace("b", direction, page, token?.place ?? start),
    }),
  };
}

/**
 * Behind what the next page of a direction begins. Onwards that is where this page ended; nothing new leaves the token as it was,
 * which tells clients that they are at the end. Back it is where this page began, or from an empty one the event before it.
 */
function nextPlace(
  wanted: ReadToken["direction"],
  direction: ReadToken["direction"],
  { events, next }: LogPage,
  start: LogPlace,
): LogPlace {
  if (wanted === direction) return next ?? events.at(-1) ?? start;
  const step = wanted === "b" ? 1 : -1;
  return events[0] ?? { ...start, sequence: Math.max(0, start.sequence + step) };
}

async function filterLogEvents(deps: ReadDeps, input: FilterLogEvents) {
  const { directory, clock, telemetry } = deps;
  const { logStreamNames, logStreamNamePrefix, startTime, endTime, filterPattern = "" } = input;
  checkFilter(input);
  const filter = readAwsFilter(filterPattern);
  const group = await getGroup(directory, groupNameOf(deps.place, input));
  const list = [
    "FilterLogEvents",
    group.id,
    logStreamNames,
    logStreamNamePrefix,
    startTime,
    endTime,
    filterPattern,
  ];
  const { after, limit } = readPage(list, input, eventsMax, ["natural", "natural", "natural"]);
  const page = await telemetry.logReads.page({
    // This range includes its end.
    ...selectionOf(group, clock.now(), {
      fromMs: startTime,
      toMs: endTime === undefined ? undefined : endTime + 1,
    }),
    logStreamIds: await streamsOf(deps, group, input),
    filter,
    order: "asc",
    behind: after && { timestampMs: after[0], ingestionMs: after[1], sequence: after[2] },
    limit,
    bytesMax: pageBytesMax,
    timeMsMax: searchMsMax,
  });
  const { next } = page;
  const events = await withStreamNames(directory, group, page.events);
  return {
    events: events.map((event) => ({
      logStreamName: event.stream,
      timestamp: event.timestampMs,
      message: event.message,
      ingestionTime: event.ingestionMs,
      eventId: eventId(event),
    })),
    searchedLogStreams: [],
    ...writeNextToken(list, next !== undefined, next?.timestampMs, next?.ingestionMs, next?.sequence),
  };
}

async function streamsOf(
  { db, directory }: ReadDeps,
  group: LogGroupEntry,
  { logStreamNames = [], logStreamNamePrefix: prefix }: FilterLogEvents,
): Promise<number[] | undefined> {
  if (prefix === undefined) return findStreamIds(directory, group, logStreamNames);
  const list = { groupId: group.id, prefix, orderBy: "name", descending: false } as const;
  const streams = await listStreams(db.kysely, list, { limit: streamsWithPrefixMax });
  return streams.map(({ id }) => id);
}

function checkFilter(input: FilterLogEvents): void {
  const { logStreamNames, logStreamNamePrefix, filterPattern } = input;
  const checks = checkRange(input)
    .size("logStreamNames", logStreamNames?.length, { min: 1, max: streamNamesMax })
    .text("logStreamNamePrefix", logStreamNamePrefix, rules.streamName)
    .text("filterPattern", filterPattern, { max: patternCharactersMax });
  for (const [at, name] of (logStreamNames ?? []).entries()) {
    checks.text(`logStreamNames.${at + 1}.member`, name, rules.streamName);
  }
  checks.done();
  if (logStreamNames && logStreamNamePrefix !== undefined)
    throw invalidParameter("logStreamNames and logStreamNamePrefix cannot be used together.");
}

function checkRange(input: GetLogEvents | FilterLogEvents) {
  return checkInput()
    .number("startTime", input.startTime, { min: 0 })
    .number("endTime", input.endTime, { min: 0 })
    .text("nextToken", input.nextToken, rules.token)
    .number("limit", input.limit, { min: 1, max: eventsMax });
}
