import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "../base/index.ts";
import { createConnectionLock } from "./connection-lock.ts";

test("the connection goes to one holder at a time, in the order of asking", async () => {
  const lock = createConnectionLock({ clock: systemClock, waitLimitMs: 1_000, waitersMax: 10 });
  const order: string[] = [];
  const first = await lock.acquire();
  const others = ["b", "c"].map(async (name) => {
    const release = await lock.acquire();
    order.push(name);
    release();
  });
  assert.deepEqual(order, []);
  first();
  await Promise.all(others);
  assert.deepEqual(order, ["b", "c"]);
});

test("giving back twice does not hand the connection to two", async () => {
  const lock = createConnectionLock({ clock: systemClock, waitLimitMs: 1_000, waitersMax: 10 });
  const first = await lock.acquire();
  const second = lock.acquire();
  const third = lock.acquire();
  first();
  first();
  const releaseSecond = await second;
  let thirdHolds = false;
  const thirdDone = third.then((release) => {
    thirdHolds = true;
    release();
  });
  await Promise.resolve();
  assert.equal(thirdHolds, false);
  releaseSecond();
  await thirdDone;
});

test("a wait for the connection ends with store_unavailable, and the queue goes on", async () => {
  // Every sleep is over at once.
  const clock = { ...systemClock, sleep: async () => {} };
  const lock = createConnectionLock({ clock, waitLimitMs: 30_000, waitersMax: 10 });
  const release = await lock.acquire();
  await assert.rejects(lock.acquire(), { code: "store_unavailable" });
  release();
  (await lock.acquire())();
});

test("the number of waiters is bounded", async () => {
  const lock = createConnectionLock({ clock: systemClock, waitLimitMs: 1_000, waitersMax: 1 });
  const release = await lock.acquire();
  const waiting = lock.acquire();
  await assert.rejects(lock.acquire(), { code: "store_unavailable" });
  release();
  (await waiting)();
});
