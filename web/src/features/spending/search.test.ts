import assert from "node:assert/strict";
import { test } from "node:test";
import { spendingSearchOf } from "./search.ts";

test("an address that people have edited never breaks the page", () => {
  assert.deepEqual(spendingSearchOf({ month: "2026-13", by: "mood" }), {});
  assert.deepEqual(spendingSearchOf({ month: 202611, by: "integration" }), {});
});

test("what fits is kept", () => {
  assert.deepEqual(spendingSearchOf({ month: "2026-11", by: "day" }), { month: "2026-11", by: "day" });
});
