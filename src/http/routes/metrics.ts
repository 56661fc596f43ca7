import {
  dimensionFindQuery,
  dimensionList,
  metricFindQuery,
  metricPage,
  metricQuery,
  metricQueryResult,
  namespaceFindQuery,
  namespaceList,
  seriesFindQuery,
  seriesPage,
} from "../../contract/index.ts";
import { type Route, route } from "../route.ts";
import type { Services } from "../services.ts";
import { metricQueryOf, metricQueryString } from "./metric-query-string.ts";

const tag = "Metrics";

export function metricRoutes({ metrics }: Services): Route[] {
  return [
    route({
      operation: "metrics:Find",
      method: "GET",
      path: "/api/v1/metrics/namespaces",
      tag,
      summary: "Find namespaces",
      query: namespaceFindQuery,
      output: namespaceList,
      handle: ({ query }) => metrics.findNamespaces(query),
    }),
    route({
      operation: "metrics:Find",
      method: "GET",
      path: "/api/v1/metrics/names",
      tag,
      summary: "Find metrics",
      query: metricFindQuery,
      output: metricPage,
      handle: ({ query }) => metrics.findMetrics(query),
    }),
    route({
      operation: "metrics:Find",
      method: "GET",
      path: "/api/v1/metrics/dimensions",
      tag,
      summary: "Find dimensions and their values",
      query: dimensionFindQuery,
      output: dimensionList,
      handle: ({ query }) => metrics.findDimensions(query),
    }),
    route({
      operation: "metrics:Find",
      method: "GET",
      path: "/api/v1/metrics/series",
      tag,
      summary: "Find series",
      query: seriesFindQuery,
      output: seriesPage,
      handle: ({ query }) => metrics.findSeries(query),
    }),
    route({
      operation: "metrics:Query",
      method: "POST",
      path: "/api/v1/metrics/query",
      tag,
      body: metricQuery,
      example: {
        namespace: "AWS/EC2",
        metricName: "CPUUtilization",
        statistic: "Average",
        dimensions: { InstanceId: ["i-0123456789abcdef0"] },
        from: "2026-01-01T00:00:00Z",
        to: "2026-01-01T06:00:00Z",
        stepSeconds: 300,
      },
      output: metricQueryResult,
      csv: (result) => metrics.toCsv(result),
      handle: ({ body }) => metrics.query(body),
    }),
    route({
      operation: "metrics:Query",
      method: "GET",
      path: "/api/v1/metrics/query",
      tag,
      summary: "Query metric series, by link",
      query: metricQueryString,
      output: metricQueryResult,
      csv: (result) => metrics.toCsv(result),
      handle: ({ query }) => metrics.query(metricQueryOf(query)),
    }),
  ];
}
