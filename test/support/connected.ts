import { startSimulator } from "../../simulator/index.ts";
import { startServer, type TestServer, type TestServerOptions } from "./server.ts";

/** A server and a simulated AWS beside it; what most end-to-end tests begin with. */
export interface Connected {
  readonly server: TestServer;
  readonly aws: Awaited<ReturnType<typeof startSimulator>>;
  stop(): Promise<void>;
}

export async function startConnected(options: TestServerOptions = {}): Promise<Connected> {
  const aws = await startSimulator({});
  const server = await startServer({
    ...options,
    environment: { NEPHO_ALLOW_PRIVATE_ENDPOINTS: "true", ...options.environment },
  });
  return {
    server,
    aws,
    stop: async () => {
      await server.stop();
      await aws.close();
    },
  };
}

/** Asks `probe` until it gives something, at most `timeoutMs`. */
export async function eventually<T>(
  what: string,
  timeoutMs: number,
  probe: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

export interface Connection {
  readonly credentialId: string;
  readonly integrationId: string;
  readonly externalId: string;
}

/**
 * Goes the way of a user: lets the server make an external ID, has the simulated role demand it, saves a credential
 * that assumes the role, and an integration that pulls with it.
 */
export async function connect(
  server: TestServer,
  aws: Connected["aws"],
  integration: { name?: string; regions?: string[]; cloudWatch?: object } = {},
): Promise<Connection> {
  const { seeded, accounts } = aws.simulator;
  const externalId = (await server.api("POST", "/api/v2/cloudintegration/awsExternalId")).response;
  const demanded = accounts.findRole(seeded.roleArn)?.trust.externalIds ?? [];
  accounts.setExternalIds(seeded.roleArn, [...demanded, externalId]);
  const credential = await server.api("POST", "/api/v1/credentials", {
    name: `Production for ${integration.name ?? "metrics"}`,
    method: "keys",
    region: "us-east-1",
    accessKeyId: seeded.accessKeyId,
    secretAccessKey: seeded.secretAccessKey,
    endpoints: { default: aws.url, sts: aws.url },
    roleChain: [{ roleArn: seeded.roleArn, externalIdSource: "generated", externalId }],
  });
  const created = await server.api("POST", "/api/v2/cloudintegration", {
    name: integration.name ?? "Production metrics",
    service: "CLOUDWATCH",
    credentialId: credential.id,
    serviceRefreshRateInMins: 1,
    cloudWatch: { regions: integration.regions ?? ["us-east-1"], ...integration.cloudWatch },
  });
  return { credentialId: credential.id, integrationId: created.response.id, externalId };
}

/** The newest finished run of an integration, once there is one that is not `after`. */
export function nextRun(server: TestServer, integrationId: string, after?: string): Promise<any> {
  return eventually("a finished run", 90_000, async () => {
    const { items } = await server.api("GET", `/api/v1/integrations/${integrationId}/runs?limit=1`);
    return items[0] && items[0].id !== after && items[0].state !== "running" ? items[0] : undefined;
  });
}

/** IDs of all credentials that the server knows. */
export async function credentialIds(server: TestServer): Promise<Set<string>> {
  const ids = new Set<string>();
  for (let offset = 0, more = true; more; offset += 1000) {
    const page = await server.api("GET", `/api/v1/credentials?limit=1000&offset=${offset}`);
    for (const item of page.items) ids.add(item.id);
    more = page.moreItems;
  }
  return ids;
}

/** Points of the last six hours that an integration has stored of a metric with a point a minute. */
export async function storedPoints(server: TestServer, integrationId: string): Promise<[number, number][]> {
  const now = Date.now();
  const answer = await server.api("POST", "/api/v1/metrics/query", {
    integrationId,
    namespace: "AWS/RDS",
    metricName: "CPUUtilization",
    statistic: "Average",
    from: now - 6 * 3_600_000,
    to: now,
    stepSeconds: 60,
    groupBy: [],
  });
  return answer.series[0]?.points ?? [];
}
