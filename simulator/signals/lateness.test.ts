import assert from "node:assert/strict";
import { test } from "node:test";
import { arrivalAt, checkLatePoints, firstVersion, settledAfterMs, usualLatePoints } from "./lateness.ts";

const hourMs = 3_600_000;
const points = Array.from({ length: 20_000 }, (_, index) => index);
const absentAfter = (ms: number) =>
  points.filter((index) => arrivalAt(usualLatePoints, 7, index, ms).kind === "absent").length / points.length;

test("most points come at once, most of the rest in minutes, and rare ones in up to 60 hours", () => {
  const [atOnce, minutes, hours] = [absentAfter(0), absentAfter(15 * 60_000), absentAfter(6 * hourMs)];
  assert.ok(Math.abs(atOnce - 0.071) < 0.01, String(atOnce));
  assert.ok(Math.abs(minutes - 0.011) < 0.004, String(minutes));
  assert.ok(hours > 0 && hours < 0.003, String(hours));
  assert.equal(absentAfter(settledAfterMs), 0);
});

test("a point goes from absent to its first version to its final one, and never back", () => {
  const rank = { absent: 0, first: 1, final: 2 };
  const seen = new Set<string>();
  for (const index of points.slice(0, 3_000)) {
    let before = 0;
    for (let ms = 0; ms <= settledAfterMs; ms += 2 * hourMs) {
      const { kind } = arrivalAt(usualLatePoints, 7, index, ms);
      seen.add(kind);
      assert.ok(rank[kind] >= before, `${index} went back to ${kind}`);
      before = rank[kind];
    }
    assert.equal(before, rank.final);
  }
  assert.deepEqual([...seen].sort(), ["absent", "final", "first"]);
});

test("a first version has fewer samples around the same mean, and one sample is all its statistics", () => {
  const slot = { min: 1, max: 9, sum: 40, count: 10, quantile: (p: number) => 1 + 8 * p };
  const some = firstVersion(slot, 0.5);
  assert.deepEqual([some.min, some.max, some.sum, some.count], [1, 9, 20, 5]);
  const one = firstVersion(slot, 0.1);
  assert.deepEqual([one.min, one.max, one.sum, one.count, one.quantile(0.99)], [4, 4, 4, 1, 4]);
});

test("parts above 1 and delays above 60 hours are refused", () => {
  const band = { part: 0.6, fromMs: 0, toMs: hourMs };
  assert.throws(() => checkLatePoints({ delays: [band, band], revisedRate: 0 }), /at most 1 in all/);
  assert.throws(() => checkLatePoints({ delays: [{ ...band, toMs: settledAfterMs + 1 }], revisedRate: 0 }));
  checkLatePoints(usualLatePoints);
});
