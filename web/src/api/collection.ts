import type { Completeness, Gap, MetricChange, MetricDelay, OwedWindow, Page } from "@nephoscope/contract";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { request } from "./client.ts";

/** How complete, how final and how late the collected points are. Without an integration: of all of them. */

interface Paging {
  offset: number;
  limit: number;
}

export interface OwedFilter extends Paging {
  integrationId?: string | undefined;
  reason?: string | undefined;
  what?: "missing" | "re-read" | undefined;
}

export interface ChangesFilter extends Paging {
  integrationId?: string | undefined;
  namespace?: string | undefined;
  metricName?: string | undefined;
}

/** Each run may pay what was owed, so these lists are asked for as often as the runs. */
const refetchInterval = 15_000;

export const completenessQuery = (integrationId?: string) =>
  queryOptions({
    queryKey: ["collection", "completeness", integrationId],
    queryFn: async ({ signal }) => {
      const query = { integrationId };
      return (await request<{ items: Completeness[] }>("GET", "/api/v1/completeness", { query, signal }))
        .items;
    },
    refetchInterval,
  });

export const owedWindowsQuery = (filter: OwedFilter) =>
  queryOptions({
    queryKey: ["collection", "owed", filter],
    queryFn: ({ signal }) =>
      request<Page<OwedWindow>>("GET", "/api/v1/owed-windows", { query: { ...filter }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval,
  });

export const gapsQuery = (filter: Paging & { integrationId?: string | undefined }) =>
  queryOptions({
    queryKey: ["collection", "gaps", filter],
    queryFn: ({ signal }) => request<Page<Gap>>("GET", "/api/v1/gaps", { query: { ...filter }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });

export const metricChangesQuery = (filter: ChangesFilter) =>
  queryOptions({
    queryKey: ["collection", "changes", filter],
    queryFn: ({ signal }) =>
      request<Page<MetricChange>>("GET", "/api/v1/metrics/changes", { query: { ...filter }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });

export const metricDelaysQuery = (integrationId: string) =>
  queryOptions({
    queryKey: ["collection", "delays", integrationId],
    queryFn: async ({ signal }) => {
      const query = { integrationId, limit: 1000 };
      return (await request<{ items: MetricDelay[] }>("GET", "/api/v1/metrics/delays", { query, signal }))
        .items;
    },
    staleTime: 60_000,
  });
