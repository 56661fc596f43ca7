import type {
  LogEndpoint,
  LogEventPage,
  LogGroup,
  LogGroupListQuery,
  LogHistogram,
  LogRejection,
  LogStream,
  LogStreamListQuery,
  LogTail,
  Page,
} from "@nephoscope/contract";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { request } from "./client.ts";

const root = "/api/v1/logs";

export interface LogGroupSettings {
  name: string;
  retentionDays: number | null;
  bearerTokenAuthenticationEnabled: boolean;
  deletionProtectionEnabled: boolean;
  tags: Record<string, string>;
}

/** Which events: of a group, of all its streams or of some, that match a pattern. */
export interface LogFilter {
  group: string;
  stream: readonly string[];
  pattern: string;
}

/** Epoch milliseconds; the end is exclusive. */
export interface LogRange {
  from: number;
  to: number;
}

export const logGroupsQuery = (query: Partial<LogGroupListQuery>) =>
  queryOptions({
    queryKey: ["logs", "groups", query],
    queryFn: ({ signal }) => request<Page<LogGroup>>("GET", `${root}/groups`, { query, signal }),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    refetchInterval: 30_000,
  });

export const logGroupQuery = (name: string) =>
  queryOptions({
    queryKey: ["logs", "group", name],
    queryFn: ({ signal }) => request<LogGroup>("GET", `${root}/group`, { query: { name }, signal }),
    refetchInterval: 30_000,
  });

export const createLogGroup = (input: LogGroupSettings) =>
  request<LogGroup>("POST", `${root}/groups`, { body: input });

export const deleteLogGroup = (name: string) => request<void>("DELETE", `${root}/group`, { query: { name } });

/** Null: for ever. */
export const setLogRetention = (name: string, retentionDays: number | null) =>
  retentionDays === null
    ? request<LogGroup>("DELETE", `${root}/group/retention`, { query: { name } })
    : request<LogGroup>("PUT", `${root}/group/retention`, { query: { name }, body: { retentionDays } });

export const setLogBearer = (name: string, enabled: boolean) =>
  request<LogGroup>("PUT", `${root}/group/bearer-token-authentication`, {
    query: { name },
    body: { enabled },
  });

export const setLogProtection = (name: string, enabled: boolean) =>
  request<LogGroup>("PUT", `${root}/group/deletion-protection`, { query: { name }, body: { enabled } });

export const logStreamsQuery = (query: Partial<LogStreamListQuery> & { group: string }) =>
  queryOptions({
    queryKey: ["logs", "streams", query],
    queryFn: ({ signal }) => request<Page<LogStream>>("GET", `${root}/streams`, { query, signal }),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });

export const createLogStream = (group: string, name: string) =>
  request<LogStream>("POST", `${root}/streams`, { body: { group, name } });

export const deleteLogStream = (group: string, name: string) =>
  request<void>("DELETE", `${root}/stream`, { query: { group, name } });

export const findLogEvents = (
  filter: LogFilter & LogRange & { order: "asc" | "desc"; limit: number; cursor?: string | undefined },
  signal: AbortSignal,
) => request<LogEventPage>("GET", `${root}/events`, { query: { ...filter }, signal });

export const logHistogramQuery = (filter: LogFilter & LogRange & { buckets: number }) =>
  queryOptions({
    queryKey: ["logs", "histogram", filter],
    queryFn: ({ signal }) =>
      request<LogHistogram>("GET", `${root}/histogram`, { query: { ...filter }, signal }),
  });

export const tailLogEvents = (
  filter: LogFilter & { limit: number; cursor?: string | undefined },
  signal: AbortSignal,
) => request<LogTail>("GET", `${root}/tail`, { query: { ...filter }, signal });

export const logRejectionsQuery = (group: string) =>
  queryOptions({
    queryKey: ["logs", "rejections", group],
    queryFn: ({ signal }) =>
      request<{ items: LogRejection[] }>("GET", `${root}/rejections`, { query: { group }, signal }),
    refetchInterval: 15_000,
  });

export const logEndpointQuery = queryOptions({
  queryKey: ["logs", "endpoint"],
  queryFn: ({ signal }) => request<LogEndpoint>("GET", `${root}/endpoint`, { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});
