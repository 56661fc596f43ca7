import assert from "node:assert/strict";
import { test } from "node:test";
import { createSettableClock } from "../../test/support/settable-clock.ts";
import { createGroupCommit } from "./group-commit.ts";

function setUp(itemsMax: number, failing: (items: readonly string[]) => boolean = () => false) {
  const written: string[] = [];
  const gate = Promise.withResolvers<void>();
  const commit = createGroupCommit<string>(
    async (items) => {
      written.push(items.join(""));
      await gate.promise;
      if (failing(items)) throw new Error(`not ${items.join("")}`);
    },
    { itemsMax, atOnce: 1 },
  );
  return { commit, written, open: gate.resolve };
}

test("what comes while a write is under way is written together, within the bound", async () => {
  const { commit, written, open } = setUp(4);
  const writes = ["a", "bc", "de", "fghij", "k"].map((text) => commit.write([...text]));
  open();
  await Promise.all(writes);
  assert.deepEqual(written, ["a", "bcde", "fghij", "k"]);
  await commit.write(["l"]);
  await commit.write([]);
  assert.deepEqual(written.slice(4), ["l"]);
});

test("a failed write fails for all whose items were in it, and for nobody else", async () => {
  const { commit, open } = setUp(2, (items) => items.includes("b"));
  const writes = ["a", "b", "c", "d"].map((text) => commit.write([text]));
  open();
  const outcomes = await Promise.allSettled(writes);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ["fulfilled", "rejected", "rejected", "fulfilled"],
  );
});

test("small writes are gathered; the first waits for nothing, and much does not wait", async () => {
  const clock = createSettableClock(0);
  const written: string[] = [];
  const commit = createGroupCommit<string>(async (items) => void written.push(items.join("")), {
    itemsMax: 10,
    atOnce: 2,
    gather: { everyMs: 5, below: 3, clock },
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const first = commit.write(["a"]);
  const second = commit.write(["b"]);
  await first;
  await settle();
  assert.deepEqual(written, ["a"]);
  clock.advance(5);
  await second;
  await settle();
  assert.deepEqual(written, ["a", "b"]);

  const third = commit.write(["c"]);
  const fourth = commit.write(["d"]);
  await third;
  const fifth = commit.write(["e", "f"]);
  await Promise.all([fourth, fifth]);
  assert.deepEqual(written, ["a", "b", "c", "def"]);
});
