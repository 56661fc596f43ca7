import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type FrontProcess, startFrontProcess } from "../support/clickhouse-front-process.ts";
import { createScratchDatabase, skipWithoutServer } from "../support/databases.ts";
import {
  createLogTarget,
  type LogTarget,
  sendOnce,
  storedMessages,
  switchBearer,
  targetHeaders,
} from "../support/log-target.ts";
import { startServer, type TestServer } from "../support/server.ts";

/** What AWS leaves open is promised here: whatever is taken away holds within a second in every process. */
const promisedMs = 1_000;

describe("two servers on the same stores", { skip: skipWithoutServer, timeout: 120_000 }, () => {
  let scratch: Awaited<ReturnType<typeof createScratchDatabase>>;
  let front: FrontProcess;
  let directory: string;
  let one: TestServer;
  let other: TestServer;
  let target: LogTarget;

  before(async () => {
    scratch = await createScratchDatabase();
    front = await startFrontProcess();
    directory = await mkdtemp(join(tmpdir(), "nepho-test-"));
    const environment = { NEPHO_DATABASE_URL: scratch.url, NEPHO_CLICKHOUSE_URL: front.url };
    one = await startServer({ directory, environment });
    other = await startServer({ directory, environment });
    target = await createLogTarget(one);
  });
  after(async () => {
    await other?.stop();
    await one?.stop();
    await front?.dispose();
    await scratch?.drop();
    await rm(directory, { recursive: true, force: true });
  });

  const statusAt = async (server: TestServer, key = target.key): Promise<number> => {
    const response = await fetch(`${server.endpointUrl}/ingest/json`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
        ...targetHeaders(target),
      },
      body: '{"a":1}',
    });
    await response.arrayBuffer();
    return response.status;
  };
  /** The one that made the change answers so at once, the other before the promised time is over, and then for good. */
  const felt = async (change: () => Promise<unknown>, status: number, key = target.key) => {
    await change();
    const changedAt = performance.now();
    assert.equal(await statusAt(one, key), status, "at once where it was changed");
    while ((await statusAt(other, key)) !== status)
      assert.ok(performance.now() - changedAt < promisedMs, `not within ${promisedMs} ms at the other`);
    for (let i = 0; i < 5; i++) assert.equal(await statusAt(other, key), status);
  };
  const setStatus = (status: string) => one.api("PUT", `/api/v1/keys/${target.keyId}`, { status });
  const setPolicies = (...policies: string[]) =>
    one.api("PUT", `/api/v1/users/${target.userName}`, { policies });

  test("take the same key", async () => {
    assert.deepEqual([await statusAt(one), await statusAt(other)], [200, 200]);
  });

  test("store once what went to both at once with the same Idempotency-Key", async () => {
    const send = async (server: TestServer, event: string): Promise<number> => {
      const response = await sendOnce(server, target, event);
      await response.arrayBuffer();
      return response.status;
    };
    const events = Array.from({ length: 5 }, (_, i) => `{"n":${i}}`);
    for (const event of events) {
      const statuses = await Promise.all([one, other, one, other].map((server) => send(server, event)));
      assert.ok(statuses.includes(200), `one of them stores it: ${statuses}`);
      assert.ok(
        statuses.every((status) => status === 200 || status === 503),
        `whoever comes meanwhile is told to come again: ${statuses}`,
      );
      assert.deepEqual([await send(one, event), await send(other, event)], [200, 200]);
    }
    const stored = await storedMessages(other, target.group);
    assert.deepEqual(stored.filter((message) => message.startsWith('{"n"')).sort(), events);
  });

  test("both refuse a key that one deactivated, and take it when it is active again", async () => {
    await felt(() => setStatus("Inactive"), 401);
    await felt(() => setStatus("Active"), 200);
  });

  test("and so it is while bad keys come from the same address, whose refusals are told late", async () => {
    let isOver = false;
    const burst = Promise.withResolvers<void>();
    let refused = 0;
    const flood = Array.from({ length: 50 }, async () => {
      while (!isOver) {
        assert.equal(await statusAt(other, "ACWLnobody"), 401);
        if (++refused === 600) burst.resolve();
      }
    });
    await burst.promise;
    try {
      await felt(() => setStatus("Inactive"), 401);
      await felt(() => setStatus("Active"), 200);
    } finally {
      isOver = true;
    }
    await Promise.all(flood);
  });

  test("both ask the policies that a user has now", async () => {
    await felt(() => setPolicies("ReadOnlyAccess"), 403);
    await felt(() => setPolicies("CloudWatchLogsAPIKeyAccess"), 200);
  });

  test("both refuse keys for a group whose switch one turned off", async () => {
    await felt(() => switchBearer(one, target, false), 403);
    await felt(() => switchBearer(one, target, true), 200);
  });

  test("both know a secret that one made anew, and forget the old one", async () => {
    let secret = "";
    await felt(async () => {
      ({ secret } = await one.api("POST", `/api/v1/keys/${target.keyId}/reset`));
    }, 401);
    assert.deepEqual([await statusAt(one, secret), await statusAt(other, secret)], [200, 200]);
    await felt(() => one.api("DELETE", `/api/v1/keys/${target.keyId}`), 401, secret);
  });

  test("a group that one deleted is gone for the other", async () => {
    const doomed = await createLogTarget(other);
    const send = (server: TestServer) =>
      fetch(`${server.endpointUrl}/ingest/json`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${doomed.key}`,
          "content-type": "application/json",
          ...targetHeaders(doomed),
        },
        body: '{"a":1}',
      });
    assert.equal((await send(other)).status, 200);
    assert.deepEqual(await storedMessages(other, doomed.group), ['{"a":1}']);
    await one.api("DELETE", `/api/v1/logs/group?name=${encodeURIComponent(doomed.group)}`);
    const deletedAt = performance.now();
    while ((await send(other)).status !== 404)
      assert.ok(performance.now() - deletedAt < promisedMs, `not within ${promisedMs} ms at the other`);
  });
});
