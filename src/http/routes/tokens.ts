import { createdToken, tokenInput, tokenList } from "../../contract/index.ts";
import { type Route, route } from "../route.ts";
import type { Services } from "../services.ts";
import { done, idParams, nothing } from "./fields.ts";

const tag = "REST tokens";

export function tokenRoutes({ identity: { tokens } }: Services): Route[] {
  return [
    route({
      operation: "iam:ListServiceSpecificCredentials",
      method: "GET",
      path: "/api/v1/tokens",
      tag,
      summary: "List one's own REST tokens",
      access: (_, caller) => tokens.access.list(caller),
      output: tokenList,
      handle: (_, caller) => tokens.list(caller),
    }),
    route({
      operation: "iam:CreateServiceSpecificCredential",
      method: "POST",
      path: "/api/v1/tokens",
      tag,
      summary: "Create a REST token for oneself",
      access: ({ body }, caller) => tokens.access.create(caller, body),
      body: tokenInput,
      example: { name: "ci", expiresInDays: 90 },
      output: createdToken,
      handle: ({ body }, caller, { facts }) => tokens.create(caller, body, facts),
    }),
    route({
      operation: "iam:DeleteServiceSpecificCredential",
      method: "DELETE",
      path: "/api/v1/tokens/:id",
      tag,
      summary: "Revoke one of one's own REST tokens",
      access: (_, caller) => tokens.access.delete(caller),
      params: idParams,
      output: nothing,
      handle: ({ params }, caller, { facts }) => done(tokens.delete(caller, params.id, facts)),
    }),
  ];
}
