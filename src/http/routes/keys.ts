import {
  apiKey,
  apiKeyInput,
  apiKeyListQuery,
  apiKeyPage,
  apiKeyUpdate,
  createdApiKey,
} from "../../contract/index.ts";
import { type Route, route } from "../route.ts";
import type { Services } from "../services.ts";
import { done, idParams, nothing } from "./fields.ts";

const tag = "API keys";

export function keyRoutes({ keys }: Services): Route[] {
  return [
    route({
      operation: "iam:ListServiceSpecificCredentials",
      method: "GET",
      path: "/api/v1/keys",
      tag,
      summary: "List API keys",
      access: ({ query }) => keys.access.list(query),
      query: apiKeyListQuery,
      output: apiKeyPage,
      handle: ({ query }) => keys.list(query),
    }),
    route({
      operation: "iam:CreateServiceSpecificCredential",
      method: "POST",
      path: "/api/v1/keys",
      tag,
      summary: "Create an API key",
      access: ({ body }) => keys.access.create(body),
      body: apiKeyInput,
      example: { userName: "log-sender", ageDays: 90 },
      output: createdApiKey,
      handle: ({ body }, caller, { facts }) => keys.create(body, caller, facts),
    }),
    route({
      operation: "iam:UpdateServiceSpecificCredential",
      method: "PUT",
      path: "/api/v1/keys/:id",
      tag,
      access: ({ params }, caller, facts) => keys.access.update(params.id, caller, facts),
      params: idParams,
      body: apiKeyUpdate,
      example: { status: "Inactive" },
      output: apiKey,
      handle: ({ params, body }, caller, { facts }) => keys.update(params.id, body, caller, facts),
    }),
    route({
      operation: "iam:ResetServiceSpecificCredential",
      method: "POST",
      path: "/api/v1/keys/:id/reset",
      tag,
      access: ({ params }, caller, facts) => keys.access.reset(params.id, caller, facts),
      params: idParams,
      output: createdApiKey,
      handle: ({ params }, caller, { facts }) => keys.reset(params.id, caller, facts),
    }),
    route({
      operation: "iam:DeleteServiceSpecificCredential",
      method: "DELETE",
      path: "/api/v1/keys/:id",
      tag,
      summary: "Delete an API key",
      access: ({ params }, caller, facts) => keys.access.delete(params.id, caller, facts),
      params: idParams,
      output: nothing,
      handle: ({ params }, caller, { facts }) => done(keys.delete(params.id, caller, facts)),
    }),
  ];
}
