import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { startSimulator } from "../../simulator/index.ts";
import { type FrontProcess, startFrontProcess } from "../support/clickhouse-front-process.ts";
import { type Connected, connect, eventually, nextRun } from "../support/connected.ts";
import { createScratchDatabase, skipWithoutServer, testDatabaseUrl } from "../support/databases.ts";
import { spawnWorker, startServer, type TestServer, type Worker } from "../support/server.ts";
import { startTcpProxy, type TcpProxy } from "../support/tcp-proxy.ts";

/** The same program on a real PostgreSQL, with ClickHouse over HTTP and a second process that works. */
describe("on servers", { skip: skipWithoutServer }, () => {
  let scratch: Awaited<ReturnType<typeof createScratchDatabase>>;
  let proxy: TcpProxy;
  let front: FrontProcess;
  let aws: Connected["aws"];
  let directory: string;
  let environment: Record<string, string>;
  let server: TestServer;
  let worker: Worker | undefined;

  before(async () => {
    scratch = await createScratchDatabase();
    const direct = new URL(scratch.url);
    proxy = await startTcpProxy({ host: direct.hostname, port: Number(direct.port) });
    const proxied = new URL(scratch.url);
    proxied.port = String(proxy.port);
    front = await startFrontProcess();
    aws = await startSimulator({});
    directory = await mkdtemp(join(tmpdir(), "nepho-test-"));
    environment = {
      NEPHO_DATABASE_URL: proxied.href,
      NEPHO_CLICKHOUSE_URL: front.url,
      NEPHO_ALLOW_PRIVATE_ENDPOINTS: "true",
    };
    server = await startServer({ directory, environment });
  });

  after(async () => {
    await worker?.end();
    await server?.stop();
    await aws?.close();
    await front?.dispose();
    await proxy?.close();
    await scratch?.drop();
    await rm(directory, { recursive: true, force: true });
  });

  test("collects, stores and reads back as the embedded form does", async () => {
    const settings = await server.api("GET", "/api/v1/settings");
    assert.deepEqual(settings.stores, { database: "server", telemetry: "server" });
    const { integrationId } = await connect(server, aws);
    const run = await nextRun(server, integrationId);
    assert.equal(run.state, "succeeded", JSON.stringify(run));
    const { items } = await server.api("GET", "/api/v1/metrics/namespaces");
    assert.ok(items.some((item: any) => item.namespace === "AWS/EC2"));
  });

  test("a worker in a second process shares the turns, and no integration runs twice at a time", async () => {
    worker = await spawnWorker({ directory, environment });
    const ids: string[] = [];
    for (let i = 0; i < 6; i++) ids.push((await connect(server, aws, { name: `shared ${i}` })).integrationId);
    for (let round = 0; round < 3; round++) {
      await Promise.all(ids.map((id) => server.fetch("POST", `/api/v1/integrations/${id}/run`)));
      await Promise.all(ids.map((id) => nextRun(server, id)));
    }
    const { items } = await server.api("GET", "/api/v1/runs?limit=1000");
    const finished = items.filter((run: any) => run.finishedAt !== null);
    for (const id of ids) {
      const runs = finished
        .filter((run: any) => run.integrationId === id)
        .sort((a: any, b: any) => a.startedAt.localeCompare(b.startedAt));
      for (let i = 1; i < runs.length; i++) {
        assert.ok(runs[i].startedAt >= runs[i - 1].finishedAt, "two runs of one integration overlap");
      }
    }
    await eventually("both processes to have run something", 60_000, async () => {
      const { items: all } = await server.api("GET", "/api/v1/runs?limit=1000");
      if (new Set(all.map((run: any) => run.workerId)).size >= 2) return true;
      await Promise.all(ids.map((id) => server.fetch("POST", `/api/v1/integrations/${id}/run`)));
      return undefined;
    });
  });

  test("a worker that is killed in the middle of runs leaves none of their integrations stuck", {
    timeout: 240_000,
  }, async (context) => {
    context.after(() => aws.simulator.faults.clear());
    // Each first run is under way for as long as the kill needs, and they are more than one process has places for.
    aws.simulator.faults.add({ service: "monitoring", kind: "slow", delayMs: 20_000 });
    for (let i = 0; i < 10; i++) await connect(server, aws, { name: `slow ${i}` });
    const underWay = await eventually("runs under way in both processes", 60_000, async () => {
      const { items } = await server.api("GET", "/api/v1/runs?state=running");
      return new Set(items.map((run: any) => run.workerId)).size === 2 ? items : undefined;
    });
    await worker?.end("SIGKILL");
    worker = undefined;
    aws.simulator.faults.clear();
    const abandoned = await eventually("the dead worker's runs to be given up", 150_000, async () => {
      const runs = await Promise.all(underWay.map((run: any) => server.api("GET", `/api/v1/runs/${run.id}`)));
      return runs.some((run) => run.state === "running")
        ? undefined
        : runs.filter((run) => run.state === "abandoned");
    });
    assert.ok(abandoned.length > 0 && abandoned.length < underWay.length, "the server's own went on");
    for (const { id, integrationId } of abandoned) {
      await eventually("a run after the abandoned one", 60_000, async () => {
        const run = await nextRun(server, integrationId, id);
        return run.state === "succeeded" || undefined;
      });
    }
  });

  test("while PostgreSQL is away callers get 503 with Retry-After; when it is back everything goes on", async () => {
    // What is under way would hold its lease for half a minute.
    await eventually("no run under way", 30_000, async () =>
      (await server.api("GET", "/api/v1/runs?state=running")).totalItems === 0 ? true : undefined,
    );
    await proxy.cut();
    const answer = await server.fetch("GET", "/api/v1/credentials");
    assert.equal(answer.status, 503, await answer.clone().text());
    assert.ok(Number(answer.headers.get("retry-after")) > 0);
    assert.equal((await answer.text()).includes(new URL(testDatabaseUrl ?? "").username), false);
    assert.equal((await fetch(new URL("/readyz", server.consoleUrl))).status, 503);
    assert.equal((await fetch(new URL("/healthz", server.consoleUrl))).status, 200);
    await proxy.mend();
    await eventually("the console to be ready", 30_000, async () =>
      (await fetch(new URL("/readyz", server.consoleUrl))).ok ? true : undefined,
    );
    const { items } = await server.api("GET", "/api/v1/integrations?limit=1");
    const last = await nextRun(server, items[0].id);
    await eventually("a run after the break", 90_000, async () => {
      await server.fetch("POST", `/api/v1/integrations/${items[0].id}/run`);
      const runs = await server.api("GET", `/api/v1/integrations/${items[0].id}/runs?limit=1`);
      return runs.items[0].id !== last.id && runs.items[0].state === "succeeded" ? true : undefined;
    });
  });

  test("while ClickHouse is away a run fails with a reason and disables nothing; the next one fills the gap", async () => {
    const { integrationId } = await connect(server, aws, { name: "during the break" });
    assert.equal((await nextRun(server, integrationId)).state, "succeeded");
    await front.fault("reset");
    const change = await server.fetch("POST", "/api/v2/cloudintegration/awsExternalId");
    assert.equal(change.status, 503, "a change that cannot be recorded is not made");
    assert.ok(Number(change.headers.get("retry-after")) > 0);
    const failed = await eventually("a run that fails", 120_000, async () => {
      const run = await nextRun(server, integrationId);
      return run.state === "failed" ? run : undefined;
    });
    assert.ok(failed.error.message.length > 10);
    assert.equal(
      (await server.api("GET", `/api/v2/cloudintegration/${integrationId}`)).response.disabled,
      false,
    );
    await front.fault("none");
    await eventually("a run that fills the gap", 90_000, async () => {
      await server.fetch("POST", `/api/v1/integrations/${integrationId}/run`);
      const run = await nextRun(server, integrationId);
      return run.state === "succeeded" && run.pointsStored > 1000 ? run : undefined;
    });
  });

  // The password of a worker's container would go away with it, and nobody could sign in any more.
  test("a worker that comes first on an empty database leaves the first user to the server", async () => {
    const empty = await createScratchDatabase();
    const folders = await Promise.all([0, 1].map(() => mkdtemp(join(tmpdir(), "nepho-test-"))));
    const [workerFolder = "", serverFolder = ""] = folders;
    const settings = {
      ...environment,
      NEPHO_DATABASE_URL: empty.url,
      NEPHO_MASTER_KEY: randomBytes(32).toString("base64"),
    };
    const early = await spawnWorker({ directory: workerFolder, environment: settings });
    try {
      assert.deepEqual(await readdir(workerFolder), []);
      const late = await startServer({ directory: serverFolder, environment: settings });
      assert.ok(late.firstRun.adminPassword.length > 10);
      await late.end();
    } finally {
      await early.end();
      await empty.drop();
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    }
  });

  test("secrets of the stores are in no answer and no log", async () => {
    const settings = JSON.stringify(await server.api("GET", "/api/v1/settings"));
    const password = new URL(front.url).password;
    assert.equal(settings.includes(password), false);
    assert.equal(server.output().includes(password), false);
  });
});
