import {
  type AccessQuestion,
  logGroup,
  logGroupInput,
  logGroupListQuery,
  logGroupPage,
  logGroupQuery,
  logRetentionInput,
  logSwitchInput,
} from "../../contract/index.ts";
import { type Route, route } from "../route.ts";
import type { LogService } from "../services.ts";
import { done, nothing } from "./fields.ts";

const tag = "Log groups";

/** Each setting of a group has its own route, since each has its own action in policies. */
export function logGroupRoutes(logs: LogService): Route[] {
  const { access } = logs;
  const on =
    (action: string) =>
    async ({ query }: { query: { name: string } }) => [await access.group(action, query.name)];
  return [
    route({
      operation: "logs:DescribeLogGroups",
      method: "GET",
      path: "/api/v1/logs/groups",
      tag,
      access: () => [access.anyGroup("DescribeLogGroups")],
      query: logGroupListQuery,
      output: logGroupPage,
      handle: ({ query }) => logs.groups(query),
    }),
    route({
      operation: "logs:CreateLogGroup",
      method: "POST",
      path: "/api/v1/logs/groups",
      tag,
      access: async ({ body }) => [await access.group("CreateLogGroup", body.name, requestTags(body.tags))],
      body: logGroupInput,
      example: {
        name: "/demo/app",
        retentionDays: 30,
        bearerTokenAuthenticationEnabled: true,
        tags: { team: "shop" },
      },
      output: logGroup,
      handle: ({ body }, _caller, { authorize }) => logs.createGroup(body, authorize),
    }),
    route({
      operation: "logs:DescribeLogGroups",
      method: "GET",
      path: "/api/v1/logs/group",
      tag,
      summary: "Read one log group",
      access: on("DescribeLogGroups"),
      query: logGroupQuery,
      output: logGroup,
      handle: ({ query }) => logs.group(query.name),
    }),
    route({
      operation: "logs:DeleteLogGroup",
      method: "DELETE",
      path: "/api/v1/logs/group",
      tag,
      access: on("DeleteLogGroup"),
      query: logGroupQuery,
      output: nothing,
      handle: ({ query }, caller) => done(logs.deleteGroup(query.name, caller)),
    }),
    route({
      operation: "logs:PutRetentionPolicy",
      method: "PUT",
      path: "/api/v1/logs/group/retention",
      tag,
      access: on("PutRetentionPolicy"),
      query: logGroupQuery,
      body: logRetentionInput,
      example: { retentionDays: 30 },
      output: logGroup,
      handle: ({ query, body }, caller) => logs.setRetention(query.name, body.retentionDays, caller),
    }),
    route({
      operation: "logs:DeleteRetentionPolicy",
      method: "DELETE",
      path: "/api/v1/logs/group/retention",
      tag,
      access: on("DeleteRetentionPolicy"),
      query: logGroupQuery,
      output: logGroup,
      handle: ({ query }, caller) => logs.setRetention(query.name, null, caller),
    }),
    route({
      operation: "logs:PutBearerTokenAuthentication",
      method: "PUT",
      path: "/api/v1/logs/group/bearer-token-authentication",
      tag,
      access: on("PutBearerTokenAuthentication"),
      query: logGroupQuery,
      body: logSwitchInput,
      example: { enabled: true },
      output: logGroup,
      handle: ({ query, body }, caller) =>
        logs.setBearerTokenAuthentication(query.name, body.enabled, caller),
    }),
    route({
      operation: "logs:PutLogGroupDeletionProtection",
      method: "PUT",
      path: "/api/v1/logs/group/deletion-protection",
      tag,
      access: on("PutLogGroupDeletionProtection"),
      query: logGroupQuery,
      body: logSwitchInput,
      example: { enabled: true },
      output: logGroup,
      handle: ({ query, body }, caller) => logs.setDeletionProtection(query.name, body.enabled, caller),
    }),
  ];
}

/** The tags of a group to be made, as condition keys. */
function requestTags(tags: Readonly<Record<string, string>>): AccessQuestion["context"] {
  const pairs = Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value]);
  return { ...Object.fromEntries(pairs), ...(pairs.length > 0 && { "aws:TagKeys": Object.keys(tags) }) };
}
