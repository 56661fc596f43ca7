import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { alignRange, chooseStep } from "./steps.ts";

const day = 86_400;

test("the step follows the range and the period", () => {
  const step = (rangeSeconds: number, periodSeconds: number) =>
    chooseStep({ rangeSeconds, periodSeconds, bucketsMax: 1_500 });
  assert.equal(step(3_600, 300), 300);
  assert.equal(step(3_600, 60), 60);
  assert.equal(step(3_600, 0), 5);
  assert.equal(step(day, 60), 60);
  assert.equal(step(7 * day, 60), 900);
  assert.equal(step(455 * day, 300), 12 * 3_600);
  assert.equal(step(3_600, 40 * day), 40 * day);
});

test("for any range, the chosen step keeps the number of buckets within bounds", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 455 * day }),
      fc.integer({ min: 0, max: day }),
      fc.integer({ min: 1, max: 1_500 }),
      (rangeSeconds, periodSeconds, bucketsMax) => {
        const step = chooseStep({ rangeSeconds, periodSeconds, bucketsMax });
        assert.ok(Number.isInteger(step) && step >= periodSeconds);
        assert.ok(Math.ceil(rangeSeconds / step) <= bucketsMax);
      },
    ),
  );
});

test("a range is widened to whole buckets", () => {
  assert.deepEqual(alignRange({ fromMs: 61_500, toMs: 119_001 }, 60), { fromSeconds: 60, toSeconds: 120 });
  assert.deepEqual(alignRange({ fromMs: 60_000, toMs: 120_000 }, 60), { fromSeconds: 60, toSeconds: 120 });
});
