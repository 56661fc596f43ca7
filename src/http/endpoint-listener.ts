import type { FastifyInstance } from "fastify";
import { addAwsRoutes } from "./endpoint/aws-routes.ts";
import { loadAwsServices } from "./endpoint/aws-services.ts";
import { createBodyBudget } from "./endpoint/body-budget.ts";
import { addIngestRoutes, ingestErrors } from "./endpoint/ingest-routes.ts";
import type { EndpointServices } from "./endpoint-services.ts";
import { createListener, type Listener, type ListenerOptions } from "./listener.ts";
import { addHealthRoutes } from "./server/health.ts";
import type { ServerLimits } from "./server/limits.ts";
import { createRequestRates } from "./server/request-rates.ts";
import { createServer, type ServerDeps } from "./server/server.ts";
import type { Store } from "./services.ts";

export interface EndpointDeps extends Omit<ServerDeps, "name"> {
  /** Without them the endpoint only tells its health. */
  readonly services?: EndpointServices;
  /** By the name that `/readyz` shows. */
  readonly stores: Readonly<Record<string, Store>>;
  /** Management calls that one principal, or one address without a valid signature, may make on average; no limit without it. */
  readonly requestsPerSecond?: number;
  /** Bytes of bodies of AWS calls in memory at a time; those of log events are counted where they are admitted. */
  readonly bodyBudgetBytes?: number;
}

/** Senders of logs are many, and each has a connection of its own. */
const endpointLimits: Partial<ServerLimits> = {
  // Half of them may be of those who wait for a refusal.
  requestsInFlightMax: 4096,
  connections: { total: 4096, perAddress: 1024 },
  // Longer than a request is on its way: senders do not stop sending because we do.
  lastRequestsMs: 100,
};

/** AWS's quota of PutLogEvents per account and region. */
const dataCallsPerSecond = 5000;

const defaultBodyBudgetBytes = 128 * 1024 * 1024;

/** Where programs come, not people. */
export function createEndpointListener(deps: EndpointDeps & ListenerOptions): Promise<Listener> {
  return createListener(createEndpointApp, deps);
}

/** Without a socket, for tests. */
export async function createEndpointApp(deps: EndpointDeps): Promise<FastifyInstance> {
  const { services, clock, requestsPerSecond = 0, bodyBudgetBytes = defaultBodyBudgetBytes } = deps;
  const { app } = await createServer({
    ...deps,
    name: "endpoint",
    continueLate: true,
    ...(services?.ingest && { errors: ingestErrors(services.ingest) }),
    lostAdvice:
      "No such path. The endpoint takes calls of AWS APIs at `/`, and log events at paths of their own.",
    limits: { ...endpointLimits, ...deps.limits },
  });
  addHealthRoutes(app, deps);
  if (services) {
    addAwsRoutes(app, {
      ...deps,
      ...services,
      services: await loadAwsServices(services.apis),
      rates: createRequestRates({ clock, requestsPerSecond }),
      dataRates: createRequestRates({ clock, requestsPerSecond: dataCallsPerSecond }),
      budget: createBodyBudget(bodyBudgetBytes),
    });
  }
  if (services?.ingest) addIngestRoutes(app, services.ingest);
  await app.ready();
  return app;
}
