import type { Readable } from "node:stream";
import { z } from "zod";
import { metricExportQuery, outputs, outputsInput, scrapeQuery } from "../../contract/index.ts";
import { type Route, route } from "../route.ts";
import type { Services } from "../services.ts";
import { idParams } from "./fields.ts";

const tag = "Outputs";

/** Text that is written while it is read. */
const streamedText = z.custom<Readable>();
const openMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

export function outputRoutes({ outputs: service }: Services): Route[] {
  return [
    route({
      operation: "outputs:Get",
      method: "GET",
      path: "/api/v1/integrations/:id/outputs",
      tag,
      params: idParams,
      output: outputs,
      handle: ({ params }) => service.get(params.id),
    }),
    route({
      operation: "outputs:Update",
      method: "PUT",
      path: "/api/v1/integrations/:id/outputs",
      tag,
      params: idParams,
      body: outputsInput,
      example: {
        openMetrics: true,
        remoteWrite: { url: "https://prometheus.example.com/api/v1/write", authorization: "Bearer token" },
        otlp: null,
      },
      output: outputs,
      handle: ({ params, body }, caller) => service.update(params.id, body, caller),
    }),
    route({
      operation: "metrics:Query",
      method: "GET",
      path: "/metrics/integrations/:id",
      tag,
      summary: "The newest point of each series of an integration, for scrapers",
      params: idParams,
      query: scrapeQuery,
      output: streamedText,
      textType: openMetricsType,
      handle: ({ params, query }) => service.scrape(params.id, query),
    }),
    route({
      operation: "metrics:Query",
      method: "GET",
      path: "/api/v1/metrics/export",
      tag,
      summary: "All points of an integration in a time, as OpenMetrics text",
      query: metricExportQuery,
      output: streamedText,
      textType: openMetricsType,
      handle: ({ query }) => service.range(query),
    }),
  ];
}
