import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { type Clock, systemClock } from "../base/index.ts";
import { type AwsKeys, cachedIdentity } from "./identity.ts";

let now = 0;
const clock: Clock = { ...systemClock, now: () => now };
let loads = 0;
let failing = false;
const hour = 3_600_000;

const load = async (): Promise<AwsKeys> => {
  loads += 1;
  await Promise.resolve();
  if (failing) throw new Error("STS is away");
  return { accessKeyId: `ASIA${loads}`, secretAccessKey: "s", expiration: new Date(now + hour) };
};

beforeEach(() => {
  now = Date.parse("2026-11-21T00:00:00Z");
  loads = 0;
  failing = false;
});

test("any number of concurrent users cause one load", async () => {
  const identity = cachedIdentity(clock, load);
  const all = await Promise.all(Array.from({ length: 50 }, () => identity()));
  assert.equal(loads, 1);
  assert.equal(new Set(all.map((keys) => keys.accessKeyId)).size, 1);
});

test("keys are loaded anew five minutes before they expire, not before", async () => {
  const identity = cachedIdentity(clock, load);
  await identity();
  now += hour - 5 * 60_000 - 1;
  await identity();
  assert.equal(loads, 1);
  now += 1;
  assert.equal((await identity()).accessKeyId, "ASIA2");
});

test("keys that do not expire are loaded once", async () => {
  const identity = cachedIdentity(clock, async () => ({
    accessKeyId: `AKIA${++loads}`,
    secretAccessKey: "s",
  }));
  await identity();
  now += 1000 * hour;
  await identity();
  assert.equal(loads, 1);
});

test("when a refresh fails the keys serve on while they last, and STS is not hammered", async () => {
  const identity = cachedIdentity(clock, load);
  await identity();
  now += hour - 4 * 60_000;
  failing = true;
  for (let i = 0; i < 10; i++) assert.equal((await identity()).accessKeyId, "ASIA1");
  assert.equal(loads, 2);
  now += 31_000;
  await identity();
  assert.equal(loads, 3);
  now += 4 * 60_000;
  await assert.rejects(identity(), /away/);
});

test("a failure is not remembered", async () => {
  const identity = cachedIdentity(clock, load);
  failing = true;
  await assert.rejects(identity());
  failing = false;
  assert.equal((await identity()).accessKeyId, "ASIA2");
});

test("forgotten keys are loaded anew at once", async () => {
  const identity = cachedIdentity(clock, load);
  await identity();
  identity.forget();
  assert.equal((await identity()).accessKeyId, "ASIA2");
});
