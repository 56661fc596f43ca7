import type { InjectOptions } from "fastify";
import type { Route } from "../route.ts";
import { credentialId } from "./samples/index.ts";

/** Values for the parameters of paths. */
const parameters: Readonly<Record<string, string>> = { id: credentialId, name: "alice", facet: "name" };

const metric = { namespace: "AWS/EC2", metricName: "CPUUtilization", statistic: "Average" };

const logGroup = { name: "/demo/app" };
const logEvents = { group: "/demo/app", from: "2026-01-01T00:00:00Z", to: "1767229200000" };

/** Query strings of routes that need one, or whose reading of one is worth trying. */
const queries: Readonly<Record<string, Record<string, string>>> = {
  "GET /api/v1/integrations": { deleted: "true", sort: "createdAt", order: "desc" },
  "GET /api/v1/runs": { state: "failed" },
  "GET /api/v1/metrics/query": { ...metric, from: "0", to: "60000", "dim.InstanceId": "i-1" },
  "POST /api/external/all": { name: "AWS" },
  "GET /api/v1/metrics/export": {
    integrationId: credentialId,
    from: "2026-01-01T00:00:00Z",
    to: "2026-01-01T01:00:00Z",
  },
  "GET /metrics/integrations/:id": { "match[]": '{region="us-east-1"}' },
  "DELETE /api/v2/cloudintegration/:id": { skipTrash: "true" },
  "GET /api/v1/logs/groups": { orderBy: "storedBytes", descending: "true" },
  "GET /api/v1/logs/group": logGroup,
  "DELETE /api/v1/logs/group": logGroup,
  "PUT /api/v1/logs/group/retention": logGroup,
  "DELETE /api/v1/logs/group/retention": logGroup,
  "PUT /api/v1/logs/group/bearer-token-authentication": logGroup,
  "PUT /api/v1/logs/group/deletion-protection": logGroup,
  "GET /api/v1/logs/streams": { group: "/demo/app", orderBy: "lastEventTime", descending: "true" },
  "DELETE /api/v1/logs/stream": { group: "/demo/app", name: "web-1" },
  "GET /api/v1/logs/events": logEvents,
  "GET /api/v1/logs/histogram": logEvents,
  "GET /api/v1/logs/tail": { group: "/demo/app" },
  "GET /api/v1/events": {
    category: "Data",
    failed: "true",
    credentialId: "ACCAEXAMPLE0000000001",
    limit: "10",
  },
  "GET /api/v1/logs/rejections": { group: "/demo/app" },
};

export function nameOf(route: Route): string {
  return `${route.method} ${route.path}`;
}

/** A request that the route accepts, with the body of its documentation. */
export function requestFor(route: Route, change: Record<string, string> = {}): InjectOptions {
  const values = { ...parameters, ...change };
  const query = queries[nameOf(route)];
  return {
    method: route.method,
    url: route.path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? "")),
    ...(query && { query }),
    ...(route.example !== undefined && { payload: route.example as object }),
  };
}
