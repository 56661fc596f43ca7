import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { chooseStepMs } from "./histogram-steps.ts";

const hourMs = 3_600_000;

test("ranges that people look at have the steps that they expect", () => {
  const to = Date.UTC(2026, 10, 21, 12);
  const step = (rangeMs: number) => chooseStepMs(to - rangeMs, to, 60);
  assert.equal(step(hourMs), 60_000);
  assert.equal(step(3 * hourMs), 5 * 60_000);
  assert.equal(step(24 * hourMs), 30 * 60_000);
  assert.equal(step(7 * 24 * hourMs), 3 * hourMs);
  assert.equal(step(90 * 24 * hourMs), 48 * hourMs);
});

test("however long the range, there are at most as many buckets as were asked for", () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 1e15 }),
      fc.nat({ max: 1e15 }),
      fc.integer({ min: 1, max: 200 }),
      (a, b, buckets) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const step = chooseStepMs(from, to, buckets);
        assert.ok(Math.ceil(to / step) - Math.floor(from / step) <= buckets);
      },
    ),
  );
});
