import type { FastifyInstance } from "fastify";
import type { Clock } from "../../base/index.ts";
import type { Store } from "../services.ts";

const pingTimeoutMs = 2000;

/**
 * `/healthz`: the process answers. `/readyz`: its stores do, too. Both are open to everybody, so they name no host,
 * version or error; the log has the reasons.
 */
export function addHealthRoutes(
  app: FastifyInstance,
  deps: { readonly stores: Readonly<Record<string, Store>>; readonly clock: Clock },
): void {
  const options = { config: { open: "health" } } as const;
  app.get("/healthz", options, async () => ({ status: "alive" }));
  app.get("/readyz", options, async (_request, reply) => {
    const states = await Promise.all(
      Object.entries(deps.stores).map(
        async ([name, store]) => [name, await stateOf(store, deps.clock)] as const,
      ),
    );
    const ready = states.every(([, state]) => state === "ok");
    return reply
      .code(ready ? 200 : 503)
      .send({ status: ready ? "ready" : "not-ready", stores: Object.fromEntries(states) });
  });
}

async function stateOf(store: Store, clock: Clock): Promise<"ok" | "unreachable"> {
  const stop = new AbortController();
  const timeout = clock.sleep(pingTimeoutMs, stop.signal).then(
    () => "unreachable" as const,
    () => "unreachable" as const,
  );
  const ping = store.ping().then(
    () => "ok" as const,
    () => "unreachable" as const,
  );
  try {
    return await Promise.race([ping, timeout]);
  } finally {
    stop.abort();
  }
}
