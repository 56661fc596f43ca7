import assert from "node:assert/strict";
import { test } from "node:test";
import { quietLog } from "../../test/support/quiet-log.ts";
import { createSettableClock } from "../../test/support/settable-clock.ts";
import { AppError } from "../base/index.ts";
import type { IngestAnswer } from "./answers/answer.ts";
import { createIdempotency } from "./idempotency.ts";
import type { Claim, IdempotencyClaims } from "./idempotency-claims.ts";
import { IngestRefusal } from "./refusal.ts";

const answer: IngestAnswer = { status: 200, headers: {}, body: "{}" };
const request = { credentialId: "ACCA1", groupId: 1, streamId: 2, key: "k" };
const body = Buffer.from("body");

/** Two stores: what is stored, and what other processes claim. */
function setUp(claim?: Claim) {
  const stored = new Set<bigint>();
  const settled: string[] = [];
  const lookups: bigint[][] = [];
  const claims: IdempotencyClaims | undefined = claim && {
    claim: async () => claim,
    markStored: async () => void settled.push("stored"),
    drop: async () => void settled.push("dropped"),
    forgetOld: async () => {},
  };
  const idempotency = createIdempotency({
    storedKeys: async (_groupId, keys) => {
      lookups.push([...keys]);
      return new Set(keys.filter((key) => stored.has(key)));
    },
    claims,
    clock: createSettableClock(0),
    log: quietLog,
  });
  const worked: boolean[] = [];
  const work = async (digest: bigint, isStored: boolean) => {
    worked.push(isStored);
    stored.add(digest);
    return answer;
  };
  return { idempotency, stored, settled, lookups, worked, work };
}

test("whoever claims first stores without asking the store, and says when it is done", async () => {
  const { idempotency, lookups, settled, worked, work } = setUp("first");
  await idempotency.run(request, body, work);
  assert.deepEqual([worked, lookups, settled], [[false], [], ["stored"]]);
});

test("what another process stored is not stored again", async () => {
  const { idempotency, worked, work } = setUp("stored");
  assert.equal(await idempotency.run(request, body, work), answer);
  assert.deepEqual(worked, [true]);
});

test("while another process is at it the sender is told to come again, unless the events are there already", async () => {
  const { idempotency, stored, worked, work } = setUp("elsewhere");
  await assert.rejects(idempotency.run(request, body, work), { code: "overloaded" });
  assert.deepEqual(worked, []);
  await setUp().idempotency.run(request, body, async (digest) => {
    stored.add(digest);
    return answer;
  });
  await idempotency.run(request, body, work);
  assert.deepEqual(worked, [true]);
});

test("who takes over from a killed process asks the store", async () => {
  const { idempotency, lookups, worked, work } = setUp("taken-over");
  await idempotency.run(request, body, work);
  assert.deepEqual([worked, lookups.length], [[false], 1]);
});

test("the claim of a bad request, or of one that never reached the store, is dropped, that of a failed write stays until it is known what is stored", async () => {
  const bad = setUp("first");
  await assert.rejects(
    bad.idempotency.run(request, body, async () =>
      Promise.reject(new IngestRefusal("body_malformed", "bad")),
    ),
  );
  assert.deepEqual(bad.settled, ["dropped"]);
  const wrong = setUp("first");
  await assert.rejects(
    wrong.idempotency.run(request, body, async () => Promise.reject(new AppError("validation_failed"))),
  );
  assert.deepEqual(wrong.settled, ["dropped"]);
  const unreached = setUp("first");
  const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
  const told = new AppError("store_unavailable", {
    cause: new AppError("store_unavailable", { cause: refused }),
  });
  await assert.rejects(unreached.idempotency.run(request, body, async () => Promise.reject(told)));
  assert.deepEqual(unreached.settled, ["dropped"]);
  const unsure = setUp("first");
  await assert.rejects(
    unsure.idempotency.run(request, body, async () => Promise.reject(new AppError("store_unavailable"))),
  );
  assert.deepEqual(unsure.settled, []);
  const failed = setUp("first");
  await assert.rejects(failed.idempotency.run(request, body, async () => Promise.reject(new Error("gone"))));
  assert.deepEqual(failed.settled, []);
});

test("requests that come while the store is asked are asked for in one statement", async () => {
  const { idempotency, lookups, work } = setUp();
  const keys = Array.from({ length: 50 }, (_, i) => `k${i}`);
  await Promise.all(keys.map((key) => idempotency.run({ ...request, key }, body, work)));
  assert.ok(lookups.length <= 2);
  assert.equal(lookups.flat().length, 50);
});

test("memory stays bounded, and what it forgot is looked up", async () => {
  const { idempotency, lookups, worked, work } = setUp();
  for (let i = 0; i <= 50_000; i++) await idempotency.run({ ...request, key: `k${i}` }, body, work);
  const asked = lookups.flat().length;
  await idempotency.run({ ...request, key: "k50000" }, body, work);
  assert.equal(lookups.flat().length, asked);
  await idempotency.run({ ...request, key: "k0" }, body, work);
  assert.equal(lookups.flat().length, asked + 1);
  assert.equal(worked.at(-1), true);
});
