import assert from "node:assert/strict";
import { test } from "node:test";
import { ageBounds, bucketOfAge, bucketOfPunctual } from "./age-buckets.ts";
import { delayOf } from "./metric-delays.ts";

const hour = 3_600;

test("an age is in the first bucket that it does not exceed; the last has no end", () => {
  assert.equal(ageBounds[bucketOfAge(-5)], 60);
  assert.equal(ageBounds[bucketOfAge(60)], 60);
  assert.equal(ageBounds[bucketOfAge(61)], 120);
  assert.equal(ageBounds[bucketOfAge(1_000 * hour)], 60 * hour);
});

test("a first reading that comes late says nothing about how late the points were", () => {
  assert.equal(ageBounds[bucketOfPunctual(100)], 120);
  assert.equal(ageBounds[bucketOfPunctual(15 * 24 * hour)], 300);
});

test("a metric is settled after the age beyond which fewer than 1 in 1,000 points come or change", () => {
  const delay = delayOf([
    [180, 9_000, 0, 0],
    [600, 0, 900, 0],
    [3 * hour, 0, 91, 5],
    [27 * hour, 0, 3, 2],
    [51 * hour, 0, 1, 0],
  ]);
  assert.deepEqual([delay.points, delay.late, delay.changed], [9_995, 995, 7]);
  assert.deepEqual(delay.arrivesAfterSeconds, { p50: 180, p999: 3 * hour });
  // Beyond 27 hours there is 1 of them, beyond 3 hours 6, of nearly 10,000 points: 6 is fewer than 1 in 1,000.
  assert.equal(delay.settlesAfterSeconds, 3 * hour);
});

test("a metric whose points never came late or changed is settled at once", () => {
  assert.equal(delayOf([[180, 5_000, 0, 0]]).settlesAfterSeconds, 60);
});

test("one late point of few decides", () => {
  assert.equal(
    delayOf([
      [180, 10, 0, 0],
      [27 * hour, 0, 0, 1],
    ]).settlesAfterSeconds,
    27 * hour,
  );
});
