import type { FastifyInstance } from "fastify";
import { createListener, type ListenAddress, type Listener } from "./listener.ts";
import { addHealthRoutes } from "./server/health.ts";
import { createServer, type ServerDeps } from "./server/server.ts";
import type { Store } from "./services.ts";

export interface EndpointDeps extends Omit<ServerDeps, "name"> {
  /** By the name that `/readyz` shows. */
  readonly stores: Readonly<Record<string, Store>>;
}

/** Where programs come, not people. */
export async function createEndpointListener(
  deps: EndpointDeps & { listen: ListenAddress },
): Promise<Listener> {
  return createListener(await createEndpointApp(deps), deps.listen);
}

/** Without a socket, for tests. */
export async function createEndpointApp(deps: EndpointDeps): Promise<FastifyInstance> {
  const { app } = await createServer({ ...deps, name: "endpoint" });
  addHealthRoutes(app, deps);
  await app.ready();
  return app;
}
