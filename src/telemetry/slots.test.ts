import assert from "node:assert/strict";
import { test } from "node:test";
import { createSlots } from "./slots.ts";

function deferred() {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

test("each item is used by one at a time, and waiting is in order", async () => {
  const slots = createSlots(["a", "b"], { waitersMax: 10 });
  const gate = deferred();
  const used: string[] = [];
  const uses = [1, 2, 3, 4].map((number) =>
    slots.use(async (item) => {
      used.push(`${number}${item}`);
      await gate.promise;
    }),
  );
  await Promise.resolve();
  await Promise.resolve();
  assert.equal(used.length, 2);
  gate.resolve();
  await Promise.all(uses);
  assert.deepEqual(
    used.map((use) => use[0]),
    ["1", "2", "3", "4"],
  );
});

test("a failing use gives its item back", async () => {
  const slots = createSlots(["a"], { waitersMax: 10 });
  await assert.rejects(slots.use(() => Promise.reject(new Error("on purpose"))));
  assert.equal(await slots.use(async (item) => item), "a");
});

test("more waiters than allowed are told that the server is overloaded", async () => {
  const slots = createSlots(["a"], { waitersMax: 1 });
  const gate = deferred();
  const running = slots.use(() => gate.promise);
  const waiting = slots.use(async () => {});
  await assert.rejects(
    slots.use(async () => {}),
    { code: "overloaded" },
  );
  gate.resolve();
  await Promise.all([running, waiting]);
});

test("closing waits for what is under way, and refuses what comes later", async () => {
  const slots = createSlots(["a"], { waitersMax: 1 });
  const gate = deferred();
  const running = slots.use(() => gate.promise);
  let closed = false;
  const closing = slots.close().then(() => {
    closed = true;
  });
  await assert.rejects(
    slots.use(async () => {}),
    { code: "store_unavailable" },
  );
  await Promise.resolve();
  assert.equal(closed, false);
  gate.resolve();
  await running;
  await closing;
});
