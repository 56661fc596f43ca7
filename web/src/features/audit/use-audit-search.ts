import type { TrailEvent } from "@nephoscope/contract";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { findTrailEvents } from "../../api/trail.ts";
import { type AuditSearch, questionOf } from "./search.ts";

const pageSize = 100;

/** Records of an address, newest first. `askedAt` is when somebody asked, so that a preset range stands still while pages are loaded. */
export function useAuditSearch(search: AuditSearch, askedAt: number) {
  const question = questionOf(search, askedAt);
  const pages = useInfiniteQuery({
    queryKey: ["trail", "events", question],
    queryFn: ({ pageParam, signal }) =>
      findTrailEvents({ ...question, limit: pageSize, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const events = useMemo<TrailEvent[]>(
    () => pages.data?.pages.flatMap((page) => page.items) ?? [],
    [pages.data],
  );
  return { pages, events };
}
