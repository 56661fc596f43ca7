import {
  integrationAccountPage,
  integrationAccountQuery,
  integrationListQuery,
  integrationPreview,
  integrationPreviewInput,
  integrationSummary,
  integrationSummaryPage,
  run,
  runListQuery,
  runPage,
} from "../../contract/index.ts";
import { type Route, route } from "../route.ts";
import type { Services } from "../services.ts";
import { done, idParams, nothing } from "./fields.ts";

const tag = "Integrations and runs";

/** What the console reads; changes go through the Wavefront-compatible paths. */
export function integrationRoutes({ integrations, runs }: Services): Route[] {
  return [
    route({
      operation: "integrations:List",
      method: "GET",
      path: "/api/v1/integrations",
      tag,
      query: integrationListQuery,
      output: integrationSummaryPage,
      handle: ({ query }) => integrations.summaries(query),
    }),
    route({
      operation: "integrations:Preview",
      method: "POST",
      path: "/api/v1/integrations/preview",
      tag,
      body: integrationPreviewInput,
      example: {
        service: "CLOUDWATCH",
        credentialId: "11111111-1111-4111-8111-111111111111",
        cloudWatch: { namespaces: ["AWS/EC2"], regions: ["us-east-1"] },
        serviceRefreshRateInMins: 5,
      },
      output: integrationPreview,
      handle: ({ body }) => integrations.preview(body),
    }),
    route({
      operation: "integrations:Get",
      method: "GET",
      path: "/api/v1/integrations/:id",
      tag,
      params: idParams,
      output: integrationSummary,
      handle: ({ params }) => integrations.summary(params.id),
    }),
    route({
      operation: "integrations:ListAccounts",
      method: "GET",
      path: "/api/v1/integrations/:id/accounts",
      tag,
      params: idParams,
      query: integrationAccountQuery,
      output: integrationAccountPage,
      handle: ({ params, query }) => integrations.accounts(params.id, query),
    }),
    route({
      operation: "integrations:Run",
      method: "POST",
      path: "/api/v1/integrations/:id/run",
      tag,
      params: idParams,
      output: nothing,
      handle: ({ params }, caller) => done(runs.start(params.id, caller)),
    }),
    route({
      operation: "runs:List",
      method: "GET",
      path: "/api/v1/integrations/:id/runs",
      tag,
      summary: "List the runs of one integration",
      params: idParams,
      query: runListQuery,
      output: runPage,
      handle: ({ params, query }) => runs.list({ ...query, integrationId: params.id }),
    }),
    route({
      operation: "runs:List",
      method: "GET",
      path: "/api/v1/runs",
      tag,
      summary: "List the runs of all integrations",
      query: runListQuery,
      output: runPage,
      handle: ({ query }) => runs.list(query),
    }),
    route({
      operation: "runs:Get",
      method: "GET",
      path: "/api/v1/runs/:id",
      tag,
      params: idParams,
      output: run,
      handle: ({ params }) => runs.get(params.id),
    }),
  ];
}
