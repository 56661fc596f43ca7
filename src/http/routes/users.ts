import { pageQuery, policyList, user, userInput, userPage, userUpdate } from "../../contract/index.ts";
import { type Route, route } from "../route.ts";
import type { Services } from "../services.ts";
import { done, nameParams, nothing } from "./fields.ts";

const tag = "Users";

export function userRoutes({ identity: { users, policies } }: Services): Route[] {
  return [
    route({
      operation: "users:List",
      method: "GET",
      path: "/api/v1/users",
      tag,
      query: pageQuery,
      output: userPage,
      handle: ({ query }) => users.list(query),
    }),
    route({
      operation: "users:Create",
      method: "POST",
      path: "/api/v1/users",
      tag,
      body: userInput,
      example: { name: "alice", password: "a good password", policies: ["Proxies"] },
      output: user,
      handle: ({ body }, caller) => users.create(body, caller),
    }),
    route({
      operation: "users:Update",
      method: "PUT",
      path: "/api/v1/users/:name",
      tag,
      params: nameParams,
      body: userUpdate,
      example: { policies: ["ReadOnlyAccess"] },
      output: user,
      handle: ({ params, body }, caller) => users.update(params.name, body, caller),
    }),
    route({
      operation: "users:Delete",
      method: "DELETE",
      path: "/api/v1/users/:name",
      tag,
      params: nameParams,
      output: nothing,
      handle: ({ params }, caller) => done(users.delete(params.name, caller)),
    }),
    route({
      operation: "policies:List",
      method: "GET",
      path: "/api/v1/policies",
      tag,
      output: policyList,
      handle: () => policies.list(),
    }),
  ];
}
