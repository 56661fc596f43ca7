import { setTimeout as sleep } from "node:timers/promises";
import type { Run } from "../../src/contract/index.ts";
import type { TestServer } from "../../test/support/server.ts";

/** A run is due each minute; a restart may have to wait for the next one and repeat one that met the old simulator's address. */
const timeoutMs = 180_000;
const pollMs = 250;

/** The first run since `since` that succeeded. Throws what went wrong when there is none in time. */
export async function waitForRun(server: TestServer, integrationId: string, since: Date): Promise<Run> {
  const deadline = performance.now() + timeoutMs;
  let last: Run | undefined;
  while (performance.now() < deadline) {
    const page = await server.api("GET", `/api/v1/integrations/${integrationId}/runs`);
    const runs = (page.items as Run[]).filter(({ startedAt }) => new Date(startedAt) >= since);
    const succeeded = runs.find(({ state }) => state === "succeeded");
    if (succeeded) return succeeded;
    last = runs.find(({ finishedAt }) => finishedAt !== null) ?? last;
    await sleep(pollMs);
  }
  const reason = last?.error
    ? `the last one ended as ${last.state}: ${last.error.message}`
    : "none was finished";
  throw new Error(`no run succeeded within ${timeoutMs / 1000} s; ${reason}`);
}
