import { rangeOf, textOf, withoutUndefined } from "../../ui/search-params.ts";
import { type LogRangePreset, logRanges } from "./ranges.ts";

/** The whole question of the explorer, as the address carries it: a link shows somebody else the same events. */
export interface LogsSearch {
  group?: string;
  streams?: string[];
  /** In CloudWatch's filter language. */
  pattern?: string;
  range?: LogRangePreset;
  /** A fixed range, in epoch milliseconds; wins over `range`. */
  from?: number;
  to?: number;
  /** Oldest first; newest first without it. */
  order?: "asc";
  /** The id of the event that the others are shown around. */
  event?: string;
  /** Follows what comes in instead of searching. */
  live?: true;
}

/** What a control changes; undefined takes a part out of the address. */
export type LogsChange = { [K in keyof LogsSearch]?: LogsSearch[K] | undefined };

const streamsMost = 100;

/** Reads an address that people may have edited: what does not fit is left out. */
export function logsSearchOf(search: Record<string, unknown>): LogsSearch {
  const streams = (Array.isArray(search.streams) ? search.streams : []).flatMap((name) => textOf(name) ?? []);
  return withoutUndefined<LogsSearch>({
    group: textOf(search.group),
    streams: streams.length === 0 ? undefined : streams.slice(0, streamsMost),
    pattern: patternOf(search.pattern),
    ...rangeOf(logRanges, search),
    order: search.order === "asc" ? "asc" : undefined,
    event: textOf(search.event),
    live: search.live === true ? true : undefined,
  });
}

/** The router reads what looks like JSON in an address; a pattern of one term in quotes is such a text. */
function patternOf(value: unknown): string | undefined {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : textOf(value);
}

const groupSorts = ["name", "createdAt", "storedBytes", "lastEventAt"] as const;
export type GroupSort = (typeof groupSorts)[number];

/** What the address of the list of groups says. */
export interface LogGroupsSearch {
  text?: string;
  sort?: Exclude<GroupSort, "name">;
  /** The form is open. */
  create?: true;
  order?: "desc";
  page?: number;
}

export function logGroupsSearchOf(search: Record<string, unknown>): LogGroupsSearch {
  const sort = groupSorts.find((known) => known === search.sort);
  const page = Number(search.page);
  return withoutUndefined<LogGroupsSearch>({
    text: textOf(search.text),
    sort: sort === "name" ? undefined : sort,
    order: search.order === "desc" ? "desc" : undefined,
    create: search.create === true ? true : undefined,
    page: Number.isInteger(page) && page > 1 ? page : undefined,
  });
}

export const groupTabs = ["streams", "send", "rejections", "settings"] as const;
export type GroupTab = (typeof groupTabs)[number];

/** What the address of one group says. Names hold slashes, so they are no part of the path. */
export interface LogGroupSearch {
  name?: string;
  tab?: Exclude<GroupTab, "streams">;
}

export function logGroupSearchOf(search: Record<string, unknown>): LogGroupSearch {
  const tab = groupTabs.find((known) => known === search.tab);
  return withoutUndefined<LogGroupSearch>({
    name: textOf(search.name),
    tab: tab === "streams" ? undefined : tab,
  });
}
