import { integrationAdvice, spendingQuery, spending as spendingReport } from "../../contract/index.ts";
import { type Route, route } from "../route.ts";
import type { Services } from "../services.ts";
import { idParams } from "./fields.ts";

const tag = "Spending";

export function spendingRoutes({ spending, integrations }: Services): Route[] {
  return [
    route({
      operation: "spending:Get",
      method: "GET",
      path: "/api/v1/spending",
      tag,
      query: spendingQuery,
      output: spendingReport,
      handle: ({ query }) => spending.get(query),
    }),
    route({
      operation: "integrations:GetAdvice",
      method: "GET",
      path: "/api/v1/integrations/:id/advice",
      tag,
      params: idParams,
      output: integrationAdvice,
      handle: ({ params }) => integrations.advise(params.id),
    }),
  ];
}
