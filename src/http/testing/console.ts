import type { FastifyInstance, InjectOptions, RouteOptions } from "fastify";
import { Registry } from "prom-client";
import { type Clock, createLog, systemRandom } from "../../base/index.ts";
import type { ManagedPolicyName } from "../../contract/index.ts";
import { type ConsoleDeps, createConsoleApp } from "../console-listener.ts";
import { cookieValue, createFakeServices, csrfToken, type Recorded, tokenOf } from "./fake-services.ts";

export const stillClock: Clock = { now: () => 0, monotonic: () => 0, sleep: () => new Promise(() => {}) };

export interface TestConsole extends Recorded {
  readonly app: FastifyInstance;
  readonly logLines: string[];
  readonly registered: RouteOptions[];
}

/** The console on fakes, without a socket. `change` replaces any part. */
export async function createTestConsole(change: Partial<ConsoleDeps> = {}): Promise<TestConsole> {
  const recorded = createFakeServices();
  const logLines: string[] = [];
  const registered: RouteOptions[] = [];
  const app = await createConsoleApp({
    log: createLog({ level: "trace", write: (line) => logLines.push(line) }),
    clock: stillClock,
    random: systemRandom,
    registry: new Registry(),
    services: recorded.services,
    stores: {},
    version: "0.0.0",
    uiDirectory: "/nonexistent",
    onRoute: (options) => registered.push(options),
    ...change,
  });
  return { ...recorded, app, logLines, registered };
}

export function asToken(policy: ManagedPolicyName, request: InjectOptions): InjectOptions {
  return { ...request, headers: { authorization: `Bearer ${tokenOf(policy)}`, ...request.headers } };
}

/** As the console's own pages ask. */
export function asSession(request: InjectOptions): InjectOptions {
  const headers = { "x-csrf-token": csrfToken, "sec-fetch-site": "same-origin", ...request.headers };
  return { ...request, headers, cookies: { nepho_session: cookieValue } };
}
