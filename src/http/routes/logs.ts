import {
  logEndpoint,
  logEventPage,
  logEventQuery,
  logEventsInput,
  logEventsResult,
  logHistogram,
  logHistogramQuery,
  logRejectionList,
  logRejectionQuery,
  logStream,
  logStreamInput,
  logStreamListQuery,
  logStreamPage,
  logStreamQuery,
  logTail,
  logTailQuery,
} from "../../contract/index.ts";
import { type Route, route } from "../route.ts";
import type { LogService, Services } from "../services.ts";
import { done, nothing } from "./fields.ts";
import { logGroupRoutes } from "./log-groups.ts";

const tag = "Logs";

export function logRoutes({ logs, logEndpoint: endpoint }: Services): Route[] {
  return [
    ...logGroupRoutes(logs),
    ...streamRoutes(logs),
    ...eventRoutes(logs),
    route({
      operation: "logs:DescribeLogGroups",
      method: "GET",
      path: "/api/v1/logs/endpoint",
      tag,
      summary: "Where senders reach the endpoint",
      output: logEndpoint,
      handle: () => endpoint(),
    }),
  ];
}

function streamRoutes(logs: LogService): Route[] {
  const { access } = logs;
  return [
    route({
      operation: "logs:DescribeLogStreams",
      method: "GET",
      path: "/api/v1/logs/streams",
      tag,
      access: async ({ query }) => [await access.group("DescribeLogStreams", query.group)],
      query: logStreamListQuery,
      output: logStreamPage,
      handle: ({ query }) => logs.streams(query),
    }),
    route({
      operation: "logs:CreateLogStream",
      method: "POST",
      path: "/api/v1/logs/streams",
      tag,
      access: async ({ body }) => [await access.stream("CreateLogStream", body.group, body.name)],
      body: logStreamInput,
      example: { group: "/demo/app", name: "web-1" },
      output: logStream,
      handle: ({ body }, caller) => logs.createStream(body.group, body.name, caller),
    }),
    route({
      operation: "logs:DeleteLogStream",
      method: "DELETE",
      path: "/api/v1/logs/stream",
      tag,
      access: async ({ query }) => [await access.stream("DeleteLogStream", query.group, query.name)],
      query: logStreamQuery,
      output: nothing,
      handle: ({ query }, caller) => done(logs.deleteStream(query.group, query.name, caller)),
    }),
  ];
}

function eventRoutes(logs: LogService): Route[] {
  const { access } = logs;
  return [
    route({
      operation: "logs:FilterLogEvents",
      method: "GET",
      path: "/api/v1/logs/events",
      tag,
      summary: "Search log events",
      access: async ({ query }) => [await access.group("FilterLogEvents", query.group)],
      query: logEventQuery,
      output: logEventPage,
      handle: ({ query }) => logs.events(query),
    }),
    route({
      operation: "logs:FilterLogEvents",
      method: "GET",
      path: "/api/v1/logs/histogram",
      tag,
      summary: "Count log events over time",
      access: async ({ query }) => [await access.group("FilterLogEvents", query.group)],
      query: logHistogramQuery,
      output: logHistogram,
      handle: ({ query }) => logs.histogram(query),
    }),
    route({
      operation: "logs:StartLiveTail",
      method: "GET",
      path: "/api/v1/logs/tail",
      tag,
      access: async ({ query }) => [await access.group("StartLiveTail", query.group)],
      query: logTailQuery,
      output: logTail,
      handle: ({ query }) => logs.tail(query),
    }),
    route({
      operation: "logs:PutLogEvents",
      method: "POST",
      path: "/api/v1/logs/events",
      tag,
      access: async ({ body }) => [await access.stream("PutLogEvents", body.group, body.stream)],
      body: logEventsInput,
      example: { group: "/demo/app", stream: "web-1", events: [{ message: "hello" }] },
      repeatable: true,
      output: logEventsResult,
      handle: ({ body }, caller, { authorize, idempotencyKey }) => {
        const key = idempotencyKey();
        return logs.putEvents(body, authorize, key === undefined ? undefined : { caller, key });
      },
    }),
    route({
      // The beginnings of messages are among it.
      operation: "logs:FilterLogEvents",
      method: "GET",
      path: "/api/v1/logs/rejections",
      tag,
      summary: "List what senders got wrong",
      access: async ({ query: { group } }) => [
        group === undefined
          ? access.anyGroup("FilterLogEvents")
          : await access.group("FilterLogEvents", group),
      ],
      query: logRejectionQuery,
      output: logRejectionList,
      handle: ({ query }) => logs.rejections(query),
    }),
  ];
}
