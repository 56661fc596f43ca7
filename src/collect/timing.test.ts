import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { nextTurn, retryAt } from "./timing.ts";

const minute = 60_000;
const now = Date.UTC(2026, 10, 20, 12);
const id = "3d0f3b52-5b0e-4f0a-9f57-0d2b8a1c6e11";

test("turns come one interval after the other, at the integration's own place in it", () => {
  const first = nextTurn(now, 5, id);
  assert.equal(nextTurn(first + 1_500, 5, id), first + 5 * minute);
  assert.equal(nextTurn(first + 299_000, 5, id), first + 2 * 5 * minute, "not one second later");
});

test("missed turns become one", () => {
  const turn = nextTurn(now, 5, id);
  assert.equal(nextTurn(turn + 17 * minute, 5, id), turn + 20 * minute);
});

test("integrations that were created together spread over the whole interval", () => {
  const turns = Array.from({ length: 2_000 }, () => nextTurn(now, 5, randomUUID()) - now);
  assert.ok(turns.every((turn) => turn >= 1.25 * minute && turn < 6.25 * minute));
  for (let tenth = 0; tenth < 10; tenth++) {
    const from = (1.25 + tenth / 2) * minute;
    const count = turns.filter((turn) => turn >= from && turn < from + minute / 2).length;
    assert.ok(count > 130 && count < 270, `${count} of 200 in tenth ${tenth}`);
  }
});

test("retries back off, never beyond the integration's own interval, and not all at once", () => {
  assert.equal(retryAt(0, 0, 60, 1), 30_000);
  assert.equal(retryAt(0, 3, 60, 1), 240_000);
  assert.equal(retryAt(0, 50, 5, 1), 5 * minute);
  assert.ok(retryAt(0, 0, 60, 0) < retryAt(0, 0, 60, 1));
});
