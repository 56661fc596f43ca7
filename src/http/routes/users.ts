import { pageQuery, policyList, user, userInput, userPage, userUpdate } from "../../contract/index.ts";
import { type Route, route } from "../route.ts";
import type { Services } from "../services.ts";
import { done, nameParams, nothing } from "./fields.ts";

const tag = "Users";

export function userRoutes({ identity: { users, policies } }: Services): Route[] {
  return [
    route({
      operation: "iam:ListUsers",
      method: "GET",
      path: "/api/v1/users",
      tag,
      access: () => users.access.list(),
      query: pageQuery,
      output: userPage,
      handle: ({ query }) => users.list(query),
    }),
    route({
      operation: "iam:CreateUser",
      method: "POST",
      path: "/api/v1/users",
      tag,
      access: ({ body }) => users.access.create(body),
      body: userInput,
      example: { name: "alice", password: "a good password", policies: ["Proxies"] },
      output: user,
      handle: ({ body }, caller, { facts }) => users.create(body, caller, facts),
    }),
    route({
      operation: "iam:UpdateUser",
      method: "PUT",
      path: "/api/v1/users/:name",
      tag,
      access: ({ params, body }) => users.access.update(params.name, body),
      params: nameParams,
      body: userUpdate,
      example: { policies: ["ReadOnlyAccess"] },
      output: user,
      handle: ({ params, body }, caller, { facts }) => users.update(params.name, body, caller, facts),
    }),
    route({
      operation: "iam:DeleteUser",
      method: "DELETE",
      path: "/api/v1/users/:name",
      tag,
      access: ({ params }) => users.access.delete(params.name),
      params: nameParams,
      output: nothing,
      handle: ({ params }, caller, { facts }) => done(users.delete(params.name, caller, facts)),
    }),
    route({
      operation: "iam:ListPolicies",
      method: "GET",
      path: "/api/v1/policies",
      tag,
      output: policyList,
      handle: () => policies.list(),
    }),
  ];
}
