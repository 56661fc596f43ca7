import type { InjectOptions } from "fastify";
import { password } from "./fake-services.ts";
import { credentialId, integrationId, runId } from "./samples.ts";

interface RouteSample {
  /** Values of the path's parameters. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
}

const wireIntegration = { name: "n", service: "CLOUDWATCH", cloudWatch: { namespaces: [] } };
const newCredential = { name: "n", method: "default", region: "us-east-1" };
const metricQuery = { namespace: "AWS/EC2", metricName: "CPUUtilization", statistic: "Average" };
const onIntegration = { params: { id: integrationId } };
const onCredential = { params: { id: credentialId } };
const onExternalId = { params: { id: "0123456789abcdef" } };

/** A valid request for each route; a route that is missing here fails the tests. */
export const routeSamples: Readonly<Record<string, RouteSample>> = {
  "POST /api/v1/session": { body: { user: "admin", password } },
  "GET /api/v1/session": {},
  "DELETE /api/v1/session": {},
  "POST /api/v1/session/password": {
    body: { currentPassword: password, newPassword: "another good password" },
  },
  "GET /api/v1/tokens": {},
  "POST /api/v1/tokens": { body: { name: "ci" } },
  "DELETE /api/v1/tokens/:id": { params: { id: "1" } },
  "GET /api/v1/users": {},
  "POST /api/v1/users": { body: { name: "alice", password: "a good password", policies: ["Proxies"] } },
  "PUT /api/v1/users/:name": { params: { name: "alice" }, body: { policies: ["Proxies"] } },
  "DELETE /api/v1/users/:name": { params: { name: "alice" } },
  "GET /api/v1/policies": {},
  "GET /api/v1/credentials": {},
  "POST /api/v1/credentials": { body: newCredential },
  "POST /api/v1/credentials/test": { body: { credential: newCredential } },
  "POST /api/v1/credentials/import": { body: { credentials: [] } },
  "GET /api/v1/credentials/:id": onCredential,
  "PUT /api/v1/credentials/:id": { ...onCredential, body: { version: 1, name: "m" } },
  "DELETE /api/v1/credentials/:id": onCredential,
  "POST /api/v1/credentials/:id/test": onCredential,
  "GET /api/v1/credential-options": {},
  "POST /api/v1/role-setup": {},
  "GET /api/v1/integrations": { query: { deleted: "true", sort: "createdAt", order: "desc" } },
  "GET /api/v1/integrations/:id": onIntegration,
  "POST /api/v1/integrations/:id/run": onIntegration,
  "GET /api/v1/integrations/:id/runs": onIntegration,
  "GET /api/v1/runs": { query: { state: "failed" } },
  "GET /api/v1/runs/:id": { params: { id: runId } },
  "GET /api/v1/metrics/namespaces": {},
  "GET /api/v1/metrics/names": {},
  "GET /api/v1/metrics/dimensions": {},
  "GET /api/v1/metrics/series": {},
  "POST /api/v1/metrics/query": { body: { ...metricQuery, from: 0, to: 60_000 } },
  "GET /api/v1/metrics/query": { query: { ...metricQuery, from: "0", to: "60000", "dim.InstanceId": "i-1" } },
  "GET /api/v1/overview": {},
  "GET /api/v1/settings": {},
  "PUT /api/v1/settings": { body: { baseCredentialId: null } },
  "GET /api/v1/vault": {},
  "POST /api/v1/vault/rotate": {},
  "GET /metrics": {},
  "GET /api/v2/cloudintegration": {},
  "POST /api/v2/cloudintegration": { body: wireIntegration },
  "GET /api/v2/cloudintegration/:id": onIntegration,
  "PUT /api/v2/cloudintegration/:id": { ...onIntegration, body: wireIntegration },
  "DELETE /api/v2/cloudintegration/:id": { ...onIntegration, query: { skipTrash: "true" } },
  "POST /api/v2/cloudintegration/:id/enable": onIntegration,
  "POST /api/v2/cloudintegration/:id/disable": onIntegration,
  "POST /api/v2/cloudintegration/:id/undelete": onIntegration,
  "POST /api/v2/cloudintegration/awsExternalId": {},
  "GET /api/v2/cloudintegration/awsExternalId/:id": onExternalId,
  "DELETE /api/v2/cloudintegration/awsExternalId/:id": onExternalId,
  "POST /api/v2/search/cloudintegration": { body: { query: null, limit: "5" } },
  "POST /api/v2/search/cloudintegration/facets": { body: { facets: ["name"] } },
  "POST /api/v2/search/cloudintegration/:facet": { params: { facet: "name" } },
  "POST /api/v2/search/cloudintegration/deleted": {},
  "POST /api/v2/search/cloudintegration/deleted/facets": { body: { facets: ["name"] } },
  "POST /api/v2/search/cloudintegration/deleted/:facet": { params: { facet: "name" } },
};

/** The sample as a request; `params` replaces those of the sample. */
export function requestFor(
  route: { method: "GET" | "POST" | "PUT" | "DELETE"; path: string },
  change: { params?: Record<string, string> } = {},
): InjectOptions {
  const sample = routeSamples[`${route.method} ${route.path}`];
  if (!sample) throw new Error(`Add a sample request for ${route.method} ${route.path}.`);
  const params: Record<string, string> = { ...sample.params, ...change.params };
  const url = route.path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
  return {
    method: route.method,
    url,
    ...(sample.query && { query: { ...sample.query } }),
    ...(sample.body && { payload: sample.body }),
  };
}
