import type { IntegrationAdvice, Spending } from "@nephoscope/contract";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { request } from "./client.ts";

export interface SpendingFilter {
  month?: string | undefined;
  groupBy?: Spending["groupBy"] | undefined;
  integrationId?: string | undefined;
}

export const spendingQuery = (filter: SpendingFilter) =>
  queryOptions({
    queryKey: ["spending", "month", filter],
    queryFn: ({ signal }) => request<Spending>("GET", "/api/v1/spending", { query: { ...filter }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });

export const integrationAdviceQuery = (id: string) =>
  queryOptions({
    queryKey: ["spending", "advice", id],
    queryFn: ({ signal }) =>
      request<IntegrationAdvice>("GET", `/api/v1/integrations/${encodeURIComponent(id)}/advice`, { signal }),
    staleTime: 30_000,
  });
