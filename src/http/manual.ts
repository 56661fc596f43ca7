import { Registry } from "prom-client";
import { createLog, systemClock, systemRandom } from "../base/index.ts";
import type { OperationName } from "../contract/index.ts";
import { createConsoleApp } from "./console-listener.ts";
import { consoleRoutes } from "./routes/index.ts";
import type { Services } from "./services.ts";

/** What the manual is generated from. Nothing is served, so nothing needs to be behind the routes. */

export function listRoutes(): { operation: OperationName; method: string; path: string }[] {
  return consoleRoutes(nowhere, new Registry()).map(({ operation, method, path }) => ({
    operation,
    method,
    path,
  }));
}

/** The OpenAPI document. */
export async function describeApi(version: string): Promise<object> {
  const app = await createConsoleApp({
    log: createLog({ level: "silent" }),
    clock: systemClock,
    random: systemRandom,
    registry: new Registry(),
    services: nowhere,
    stores: {},
    version,
    uiDirectory: "",
  });
  try {
    return app.swagger();
  } finally {
    await app.close();
  }
}

/** Has every property that a route asks for when it is declared, and none that can be called. */
const nowhere: Services = new Proxy({} as Services, { get: () => nowhere });
