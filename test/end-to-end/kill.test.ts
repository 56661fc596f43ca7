import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { test } from "node:test";
import { startSimulator } from "../../simulator/index.ts";
import { connect, credentialIds, nextRun, storedPoints } from "../support/connected.ts";
import { startServer, type TestServer } from "../support/server.ts";

const rounds = Number(process.env.NEPHO_TEST_KILL_ROUNDS ?? 4);

/**
 * The danger: an answer that comes before the write is safe. Every control-plane write and every point that was
 * acknowledged before SIGKILL must be there after the next start.
 */
test(`killed ${rounds} times under load, the server loses nothing it acknowledged`, {
  timeout: 300_000,
}, async () => {
  const aws = await startSimulator({});
  const environment = { NEPHO_ALLOW_PRIVATE_ENDPOINTS: "true" };
  let server = await startServer({ environment });
  const { directory } = server;
  const written: string[] = [];
  const points = new Map<number, number>();
  try {
    const { integrationId } = await connect(server, aws);
    let lastRun: string = (await nextRun(server, integrationId)).id;
    for (let round = 0; round < rounds; round++) {
      const load = writeUntilKilled(server, integrationId, round, written);
      lastRun = await collectPoints(server, integrationId, lastRun, points);
      await server.end("SIGKILL");
      await load;
      server = await startServer({ directory, environment });
      await assertAllThere(server, integrationId, written, points);
    }
    assert.ok(written.length > rounds, "the load must have written something");
    assert.ok(points.size > 5, "points must have been collected");
  } finally {
    await server.stop();
    await aws.close();
    await rm(directory, { recursive: true, force: true });
  }
});

/** Writes credentials and asks for runs until the server dies; what was answered with success is noted. */
async function writeUntilKilled(
  server: TestServer,
  integrationId: string,
  round: number,
  written: string[],
): Promise<void> {
  for (let i = 0; ; i++) {
    try {
      const created = await server.api("POST", "/api/v1/credentials", {
        name: `load ${round}-${i}`,
        method: "keys",
        region: "us-east-1",
        accessKeyId: "AKIAIOSFODNN7EXAMPLE",
        secretAccessKey: "not-a-real-secret",
      });
      written.push(created.id);
      if (i % 20 === 0) await server.fetch("POST", `/api/v1/integrations/${integrationId}/run`);
    } catch (error) {
      if (error instanceof TypeError) return;
      throw error;
    }
  }
}

/** Notes the points of one series once another run has succeeded; gives the run's id. */
async function collectPoints(
  server: TestServer,
  integrationId: string,
  after: string,
  points: Map<number, number>,
): Promise<string> {
  await server.fetch("POST", `/api/v1/integrations/${integrationId}/run`);
  const run = await nextRun(server, integrationId, after);
  for (const [at, value] of await storedPoints(server, integrationId)) points.set(at, value);
  return run.id;
}

async function assertAllThere(
  server: TestServer,
  integrationId: string,
  written: readonly string[],
  points: ReadonlyMap<number, number>,
): Promise<void> {
  const ids = await credentialIds(server);
  assert.deepEqual(
    written.filter((id) => !ids.has(id)),
    [],
    "acknowledged credentials that are gone",
  );
  const stored = new Map(await storedPoints(server, integrationId));
  const lost = [...points].filter(([at]) => !stored.has(at));
  assert.deepEqual(lost, [], "acknowledged points that are gone");
}
