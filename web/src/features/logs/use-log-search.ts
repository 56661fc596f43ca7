import type { LogEvent } from "@nephoscope/contract";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { ApiError } from "../../api/client.ts";
import { findLogEvents, type LogFilter, type LogRange, logHistogramQuery } from "../../api/logs.ts";
import { resolveRange } from "../../ui/time-range.ts";
import { defaultLogRange, logRanges } from "./ranges.ts";
import type { LogsSearch } from "./search.ts";

export interface LogQuestion {
  readonly filter: LogFilter;
  readonly range: LogRange;
  readonly order: "asc" | "desc";
}

/** What an address asks at a moment. */
export function questionOf(search: LogsSearch, now: number): LogQuestion {
  return {
    filter: { group: search.group ?? "", stream: search.streams ?? [], pattern: search.pattern ?? "" },
    range: resolveRange(logRanges, search, defaultLogRange, now),
    order: search.order ?? "desc",
  };
}

const pageSize = 200;
/** Pages without a match after which somebody has to say that the search goes on. */
const emptyPagesMost = 20;
const barsMost = 120;

/** Events and their histogram. `askedAt` is when somebody asked, so that a preset range stands still while pages are loaded. */
export function useLogSearch(search: LogsSearch, askedAt: number) {
  const question = questionOf(search, askedAt);
  const { filter, range, order } = question;
  const pages = useInfiniteQuery({
    queryKey: ["logs", "events", question, askedAt],
    queryFn: ({ pageParam, signal }) =>
      findLogEvents({ ...filter, ...range, order, limit: pageSize, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = pages;
  const events = useMemo<LogEvent[]>(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const searchesOn =
    events.length === 0 && hasNextPage && !isError && (data?.pages.length ?? 0) < emptyPagesMost;
  useEffect(() => {
    if (searchesOn && !isFetching) void fetchNextPage();
  }, [searchesOn, isFetching, fetchNextPage]);
  const refused = pages.error instanceof ApiError && pages.error.code === "filter_pattern_invalid";
  const histogram = useQuery({
    ...logHistogramQuery({ ...filter, ...range, buckets: barsMost }),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    enabled: !refused,
  });
  return { question, pages, events, searching: pages.isPending || searchesOn, refused, histogram };
}
