import type {
  dimensionList,
  MetricQuery,
  MetricQueryResult,
  metricPage,
  namespaceList,
} from "@nephoscope/contract";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { request } from "./client.ts";

type NamespaceList = (typeof namespaceList)["_output"];
type MetricPage = (typeof metricPage)["_output"];
type DimensionList = (typeof dimensionList)["_output"];

export interface SeriesFilter {
  namespace?: string | undefined;
  metricName?: string | undefined;
  statistic?: string | undefined;
  region?: string | undefined;
  accountId?: string | undefined;
}

export const namespacesQuery = queryOptions({
  queryKey: ["metrics", "namespaces"],
  queryFn: ({ signal }) => request<NamespaceList>("GET", "/api/v1/metrics/namespaces", { signal }),
  staleTime: 30_000,
});

export const metricNamesQuery = (filter: { namespace: string; text?: string | undefined }) =>
  queryOptions({
    queryKey: ["metrics", "names", filter],
    queryFn: ({ signal }) =>
      request<MetricPage>("GET", "/api/v1/metrics/names", { query: { ...filter, limit: 500 }, signal }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

export const dimensionsQuery = (filter: SeriesFilter) =>
  queryOptions({
    queryKey: ["metrics", "dimensions", filter],
    queryFn: ({ signal }) =>
      request<DimensionList>("GET", "/api/v1/metrics/dimensions", {
        query: { ...filter, limit: 500 },
        signal,
      }),
    staleTime: 30_000,
  });

export const queryMetrics = (query: MetricQuery, signal?: AbortSignal) =>
  request<MetricQueryResult>("POST", "/api/v1/metrics/query", {
    body: query,
    ...(signal === undefined ? {} : { signal }),
  });

export const queryMetricsAsCsv = (query: MetricQuery) =>
  request<string>("POST", "/api/v1/metrics/query", { body: query, accept: "text/csv" });
