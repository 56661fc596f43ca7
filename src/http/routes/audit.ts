import { trailEventPage, trailEventQuery } from "../../contract/index.ts";
import { type Route, route } from "../route.ts";
import type { Services } from "../services.ts";

export function auditRoutes({ audit }: Services): Route[] {
  return [
    route({
      operation: "cloudtrail:LookupEvents",
      method: "GET",
      path: "/api/v1/events",
      tag: "Audit",
      query: trailEventQuery,
      output: trailEventPage,
      handle: ({ query }) => audit.find(query),
    }),
  ];
}
