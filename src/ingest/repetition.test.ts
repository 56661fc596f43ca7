import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createWorld, otherKey, type Sent, send } from "../../test/support/ingest-world.ts";
import { AppError } from "../base/index.ts";

const dayMs = 86_400_000;
const event = '{"event":"a"}';

describe("Idempotency-Key", () => {
  const sent = (key: string, body = event): Sent => ({
    path: "/ingest/json",
    body,
    headers: { "idempotency-key": key },
  });

  test("a repetition stores nothing and gets the same answer, also after the store is all that remembers", async () => {
    const world = createWorld();
    const old = sent("k", `[{"timestamp":1},${event}]`);
    const first = await send(world, old);
    assert.deepEqual(await send(world, old), first);
    assert.equal(world.stored.length, 1);
    const restarted = createWorld();
    restarted.stored.push(...world.stored);
    assert.deepEqual(await send(restarted, old), first);
    assert.equal(restarted.stored.length, 1);
    assert.equal(restarted.lookups.length, 1);
  });

  test("other keys, streams and credentials are other requests", async () => {
    const world = createWorld();
    world.streams.set("1:second", { id: 11, name: "second" });
    await send(world, sent("k"));
    await send(world, sent("l"));
    await send(world, { ...sent("k"), headers: { "idempotency-key": "k", "x-aws-log-stream": "second" } });
    await send(world, {
      ...sent("k"),
      headers: { "idempotency-key": "k", authorization: `Bearer ${otherKey}` },
    });
    assert.equal(world.stored.length, 4);
    assert.equal(new Set(world.stored.map(({ idempotencyKey }) => idempotencyKey)).size, 4);
  });

  test("two at the same time share one write", async () => {
    const world = createWorld();
    const gate = Promise.withResolvers<void>();
    world.gate.open = gate.promise;
    const both = Promise.all([send(world, sent("k")), send(world, sent("k"))]);
    gate.resolve();
    assert.deepEqual(
      (await both).map(({ status }) => status),
      [200, 200],
    );
    assert.equal(world.stored.length, 1);
  });

  test("the same key with another body is 400", async () => {
    const world = createWorld();
    await send(world, sent("k"));
    const answer = await send(world, sent("k", '{"event":"b"}'));
    assert.equal(answer.status, 400);
    assert.match(answer.body.toString(), /another body/);
  });

  test("a request that failed may be repeated, and one that was bad may be corrected", async () => {
    const world = createWorld();
    world.failures.append = new AppError("store_unavailable");
    assert.equal((await send(world, sent("k"))).status, 503);
    delete world.failures.append;
    assert.equal((await send(world, sent("k"))).status, 200);
    assert.equal((await send(world, sent("l", "{"))).status, 400);
    assert.equal((await send(world, sent("l"))).status, 200);
    assert.equal(world.stored.length, 2);
  });

  test("after 24 hours a key is new", async () => {
    const world = createWorld();
    await send(world, sent("k"));
    world.clock.advance(dayMs + 1);
    world.stored.length = 0;
    assert.equal((await send(world, sent("k", '{"event":"b"}'))).status, 200);
    assert.equal(world.stored.length, 1);
  });
});
