import type { FastifyInstance } from "fastify";
import { createRestAudit, type RestAuditDeps } from "./audit/rest-audit.ts";
import { addApiDocs } from "./console/api-docs.ts";
import { addOpenApi } from "./console/openapi.ts";
import { addPages } from "./console/pages.ts";
import { readUiFiles } from "./console/ui-files.ts";
import { createListener, type Listener, type ListenerOptions } from "./listener.ts";
import { consoleRoutes } from "./routes/index.ts";
import { addHealthRoutes } from "./server/health.ts";
import { registerRoutes } from "./server/register-routes.ts";
import { createRequestRates } from "./server/request-rates.ts";
import { createServer, type ServerDeps } from "./server/server.ts";
import type { Services, Store } from "./services.ts";

export interface ConsoleDeps extends Omit<ServerDeps, "name"> {
  readonly services: Services;
  /** By the name that `/readyz` shows. */
  readonly stores: Readonly<Record<string, Store>>;
  readonly version: string;
  /** The built web UI. */
  readonly uiDirectory: string;
  /** That one caller may make on average; no limit without it. */
  readonly requestsPerSecond?: number;
  /** Where changes, refusals and sign-ins are recorded; nothing is without it. */
  readonly audit?: Pick<RestAuditDeps, "trail" | "accountId">;
}

/** The console: web UI, REST API, its documentation, health and metrics. */
export function createConsoleListener(deps: ConsoleDeps & ListenerOptions): Promise<Listener> {
  return createListener(createConsoleApp, deps);
}

/** Without a socket, for tests and for generating the manual. */
export async function createConsoleApp(deps: ConsoleDeps): Promise<FastifyInstance> {
  const { services, publicUrl, clock, random, registry, requestsPerSecond = 0 } = deps;
  const { identity } = services;
  const { app, paths } = await createServer({ ...deps, name: "console" });
  await addOpenApi(app, deps.version);
  addHealthRoutes(app, deps);
  registerRoutes(app, consoleRoutes(services, registry), {
    sessions: identity.sessions,
    tokens: identity.tokens,
    authorize: identity.authorize,
    cookieName: cookieNameFor(publicUrl, deps.tls !== undefined),
    publicUrl,
    rates: createRequestRates({ clock, requestsPerSecond }),
    audit: createRestAudit(deps.audit && { ...deps.audit, clock, log: deps.log }),
  });
  addApiDocs(app, { random });
  addPages(app, { readFiles: () => readUiFiles(deps.uiDirectory), paths, random });
  await app.ready();
  return app;
}

/** Browsers accept the prefix over https only, and then no other host or path can set the cookie. */
function cookieNameFor(publicUrl: string | undefined, tls: boolean): string {
  return tls || publicUrl?.startsWith("https:") ? "__Host-nepho_session" : "nepho_session";
}
