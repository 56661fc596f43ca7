import type { InjectOptions } from "fastify";
import type { Route } from "../route.ts";
import { credentialId } from "./samples.ts";

/** Values for the parameters of paths. */
const parameters: Readonly<Record<string, string>> = { id: credentialId, name: "alice", facet: "name" };

const metric = { namespace: "AWS/EC2", metricName: "CPUUtilization", statistic: "Average" };

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
