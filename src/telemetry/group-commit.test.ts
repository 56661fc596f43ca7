import assert from "node:assert/strict";
import { test } from "node:test";
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
