import assert from "node:assert/strict";
import { test } from "node:test";
import { Registry } from "prom-client";
import { type Clock, createLog, systemRandom } from "../../base/index.ts";
import { createEndpointApp } from "../endpoint-listener.ts";
import type { Store } from "../services.ts";
import { stillClock } from "../testing/console.ts";

const ok: Store = { ping: async () => {} };
const broken: Store = { ping: () => Promise.reject(new Error("connect ECONNREFUSED db.internal:5432")) };
const hanging: Store = { ping: () => new Promise(() => {}) };

async function readyz(stores: Record<string, Store>, clock: Clock = stillClock) {
  const app = await createEndpointApp({
    log: createLog({ level: "silent" }),
    clock,
    random: systemRandom,
    registry: new Registry(),
    stores,
  });
  const response = await app.inject({ method: "GET", url: "/readyz" });
  const alive = await app.inject({ method: "GET", url: "/healthz" });
  assert.equal(alive.statusCode, 200);
  await app.close();
  return { status: response.statusCode, body: response.json(), text: response.body };
}

test("ready when every store answers", async () => {
  const { status, body } = await readyz({ database: ok, telemetry: ok });
  assert.equal(status, 200);
  assert.deepEqual(body, { status: "ready", stores: { database: "ok", telemetry: "ok" } });
});

test("names the store that does not answer, and nothing about it", async () => {
  const { status, body, text } = await readyz({ database: broken, telemetry: ok });
  assert.equal(status, 503);
  assert.deepEqual(body.stores, { database: "unreachable", telemetry: "ok" });
  assert.ok(!text.includes("internal"));
});

test("a store that hangs does not hang the answer", async () => {
  const impatient: Clock = { ...stillClock, sleep: async () => {} };
  const { status, body } = await readyz({ telemetry: hanging }, impatient);
  assert.equal(status, 503);
  assert.deepEqual(body.stores, { telemetry: "unreachable" });
});

test("the endpoint answers anything else with a plain 404", async () => {
  const app = await createEndpointApp({
    log: createLog({ level: "silent" }),
    clock: stillClock,
    random: systemRandom,
    registry: new Registry(),
    stores: {},
  });
  for (const request of [
    { method: "GET", url: "/" },
    { method: "POST", url: "/", headers: { "x-amz-target": "Logs_20140328.PutLogEvents" }, payload: "{}" },
    { method: "GET", url: "/api/v1/session" },
  ] as const) {
    const response = await app.inject(request);
    assert.equal(response.statusCode, 404);
    assert.equal(response.json().error.code, "route_not_found");
  }
  assert.equal((await app.inject({ method: "POST", url: "/healthz" })).statusCode, 405);
  await app.close();
});
