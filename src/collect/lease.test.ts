import assert from "node:assert/strict";
import { test } from "node:test";
import { createSettableClock } from "../../test/support/settable-clock.ts";
import { holdLease } from "./lease.ts";

const leaseMs = 30_000;

async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

/** A lease with a database that answers renewals as told. */
function createWorld() {
  const clock = createSettableClock(0);
  const world = { clock, renewals: 0, lost: [] as string[], answer: async (): Promise<boolean> => true };
  const runs = {
    renew: async () => {
      world.renewals++;
      return world.answer();
    },
  };
  const lease = holdLease({ runs, clock, leaseMs }, "run", (error) => world.lost.push(error.name));
  const pass = async (ms: number) => {
    clock.advance(ms);
    await settle();
  };
  return { world, lease, pass };
}

test("a lease is renewed four times in its length, and goes on as long as it is", async () => {
  const { world, lease, pass } = createWorld();
  for (let quarter = 0; quarter < 40; quarter++) await pass(leaseMs / 4);
  assert.equal(world.renewals, 40);
  lease.check();
  await lease.release();
  await pass(leaseMs);
  assert.equal(world.renewals, 40);
  assert.deepEqual(world.lost, []);
});

test("a run that was given away is lost with the next renewal", async () => {
  const { world, lease, pass } = createWorld();
  world.answer = async () => false;
  await pass(leaseMs / 4);
  assert.deepEqual(world.lost, ["RunLostError"]);
  assert.throws(() => lease.check(), { name: "RunLostError" });
});

test("a worker that cannot reach the database gives up before others think it dead", async () => {
  const { world, lease, pass } = createWorld();
  world.answer = () => Promise.reject(new Error("no connection"));
  await pass(leaseMs / 4);
  await pass(leaseMs / 4);
  assert.deepEqual(world.lost, []);
  await pass(leaseMs / 4);
  await pass(leaseMs / 4);
  assert.deepEqual(world.lost, ["RunLostError"]);
  await lease.release();
});

test("a worker that was stopped for longer than the lease knows it before it has asked anybody", async () => {
  const { world, lease } = createWorld();
  world.clock.advance(leaseMs + 1);
  assert.throws(() => lease.check(), { name: "RunLostError" });
  assert.deepEqual(world.lost, ["RunLostError"]);
  await lease.release();
  assert.equal(world.lost.length, 1);
});

test("an answer that comes late counts from when it was asked for", async () => {
  const { world, lease, pass } = createWorld();
  let answer: (renewed: boolean) => void = () => {};
  world.answer = () => new Promise((resolve) => (answer = resolve));
  await pass(leaseMs / 4);
  world.clock.advance(leaseMs / 2);
  answer(true);
  await settle();
  lease.check();
  world.clock.advance(leaseMs / 2 + 1);
  assert.throws(() => lease.check(), { name: "RunLostError" });
});
