import assert from "node:assert/strict";
import { test } from "node:test";
import { nextTurn, retryAt } from "./timing.ts";

const minute = 60_000;

test("the next turn is one interval on, give or take a few percent", () => {
  assert.equal(nextTurn(1_000_000, 1_000_000, 5, 0.5), 1_000_000 + 5 * minute);
  assert.equal(nextTurn(1_000_000, 1_000_000, 5, 0), 1_000_000 + 4.75 * minute);
  assert.ok(nextTurn(1_000_000, 1_000_000, 5, 0.999) <= 1_000_000 + 5.25 * minute);
});

test("missed turns become one", () => {
  const turn = 1_000_000;
  const now = turn + 17 * minute;
  assert.equal(nextTurn(now, turn, 5, 0.5), turn + 20 * minute);
});

test("retries back off, never beyond the integration's own interval, and not all at once", () => {
  assert.equal(retryAt(0, 0, 60, 1), 30_000);
  assert.equal(retryAt(0, 3, 60, 1), 240_000);
  assert.equal(retryAt(0, 50, 5, 1), 5 * minute);
  assert.ok(retryAt(0, 0, 60, 0) < retryAt(0, 0, 60, 1));
});
