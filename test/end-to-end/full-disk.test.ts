import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { startSimulator } from "../../simulator/index.ts";
import {
  type Connected,
  connect,
  credentialIds,
  eventually,
  nextRun,
  storedPoints,
} from "../support/connected.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { fill, mountSmallDisk } from "../support/small-disk.ts";

const disk = await mountSmallDisk(192);

describe("a full disk", { skip: disk.missing, timeout: 240_000 }, () => {
  const { directory } = disk;
  const ballast = join(directory, "ballast");
  const written: string[] = [];
  let aws: Connected["aws"];
  let server: TestServer;
  let integrationId: string;
  let points: [number, number][];

  const lostPoints = async () => {
    const stored = new Map(await storedPoints(server, integrationId));
    return points.filter(([at]) => !stored.has(at));
  };

  before(async () => {
    aws = await startSimulator({});
    server = await startServer({ directory, environment: { NEPHO_ALLOW_PRIVATE_ENDPOINTS: "true" } });
    ({ integrationId } = await connect(server, aws));
    assert.equal((await nextRun(server, integrationId)).state, "succeeded");
    points = await storedPoints(server, integrationId);
    assert.ok(points.length > 10);
  });
  after(async () => {
    await server?.stop();
    await aws?.close();
    await disk.remove();
  });

  test("refuses writes with storage_full, and says so to every caller", async () => {
    for (let i = 0; i < 20; i++) {
      const response = await create(server, `before ${i}`);
      assert.ok(response.ok);
      written.push(((await response.json()) as { id: string }).id);
    }
    await fill(ballast);
    // The audit record of a change needs room as well, so that most likely not one is taken from here on.
    const answer = await writeUntilRefused(server, written);
    assert.equal(answer.status, 503, JSON.stringify(answer.body));
    assert.equal(answer.body.error.code, "storage_full");
    assert.ok(Number(answer.retryAfter) > 0, "the caller is told when to come back");
    assert.equal(JSON.stringify(answer.body).includes(directory), false, "no path leaks");
  });

  test("does not break on a run meanwhile, and goes on reading what is stored", async () => {
    const run = await server.fetch("POST", `/api/v1/integrations/${integrationId}/run`);
    assert.notEqual(run.status, 500, await run.text());
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    assert.equal((await fetch(new URL("/healthz", server.consoleUrl))).status, 200);
    assert.deepEqual(await missing(server, written), []);
    assert.deepEqual(await lostPoints(), []);
  });

  test("recovers by itself once there is space, without having lost what it acknowledged", async () => {
    await rm(ballast);
    await eventually("a write to be taken", 60_000, async () => {
      const answer = await create(server, "after");
      return answer.status === 200 || answer.status === 201 ? true : undefined;
    });
    const since = new Date().toISOString();
    await eventually("a run that stores points", 120_000, async () => {
      await server.fetch("POST", `/api/v1/integrations/${integrationId}/run`);
      const { items } = await server.api("GET", `/api/v1/integrations/${integrationId}/runs?limit=20`);
      const isWhole = (run: any) =>
        run.startedAt > since && run.state === "succeeded" && run.pointsStored > 0;
      return items.some(isWhole) || undefined;
    });
    const { response } = await server.api("GET", `/api/v2/cloudintegration/${integrationId}`);
    assert.equal(response.disabled, false, "a full disk is ours, not a fault of the credentials");
    assert.deepEqual(await missing(server, written), []);
  });

  test("starts again on the same data, whole", async () => {
    await server.end("SIGKILL");
    server = await startServer({ directory, environment: { NEPHO_ALLOW_PRIVATE_ENDPOINTS: "true" } });
    assert.deepEqual(await missing(server, written), []);
    assert.deepEqual(await lostPoints(), []);
  });
});

/** Writes until the server says no, noting what it acknowledged; the refusal is what the caller sees. */
async function writeUntilRefused(server: TestServer, written: string[]) {
  for (let i = 0; i < 20_000; i++) {
    const response = await create(server, `load ${i}`);
    const body: any = await response.json();
    if (!response.ok)
      return { status: response.status, body, retryAfter: response.headers.get("retry-after") };
    written.push(body.id);
  }
  throw new Error("The disk is full and the server took 20,000 writes all the same.");
}

function create(server: TestServer, name: string): Promise<Response> {
  return server.fetch("POST", "/api/v1/credentials", {
    name,
    description: "x".repeat(1_000),
    method: "keys",
    region: "us-east-1",
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    secretAccessKey: "not-a-real-secret",
  });
}

async function missing(server: TestServer, written: readonly string[]): Promise<string[]> {
  const ids = await credentialIds(server);
  return written.filter((id) => !ids.has(id));
}
