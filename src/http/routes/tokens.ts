import { createdToken, tokenInput, tokenList } from "../../contract/index.ts";
import { type Route, route } from "../route.ts";
import type { Services } from "../services.ts";
import { done, idParams, nothing } from "./fields.ts";

const tag = "REST tokens";

export function tokenRoutes({ identity: { tokens } }: Services): Route[] {
  return [
    route({
      operation: "tokens:List",
      method: "GET",
      path: "/api/v1/tokens",
      tag,
      output: tokenList,
      handle: (_, caller) => tokens.list(caller),
    }),
    route({
      operation: "tokens:Create",
      method: "POST",
      path: "/api/v1/tokens",
      tag,
      body: tokenInput,
      example: { name: "ci", expiresInDays: 90 },
      output: createdToken,
      handle: ({ body }, caller) => tokens.create(caller, body),
    }),
    route({
      operation: "tokens:Delete",
      method: "DELETE",
      path: "/api/v1/tokens/:id",
      tag,
      params: idParams,
      output: nothing,
      handle: ({ params }, caller) => done(tokens.delete(caller, params.id)),
    }),
  ];
}
