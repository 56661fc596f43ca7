import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { barsOf, rangeOfDrag, roundUp, tickLabels, ticksOf } from "./histogram.ts";

describe("bars", () => {
  test("stand for all of the range, empty times included, and are cut at its ends", () => {
    const histogram = { stepMs: 10, buckets: [{ startMs: 20, count: 3 }], total: 3 };
    assert.deepEqual(barsOf(histogram, { from: 5, to: 35 }), [
      { from: 5, to: 10, count: 0 },
      { from: 10, to: 20, count: 0 },
      { from: 20, to: 30, count: 3 },
      { from: 30, to: 35, count: 0 },
    ]);
  });

  test("lose no event, wherever the server's steps begin", () => {
    const buckets = [3, 13, 23].map((startMs) => ({ startMs, count: 1 }));
    const bars = barsOf({ stepMs: 10, buckets, total: 3 }, { from: 5, to: 30 });
    assert.equal(
      bars.reduce((sum, { count }) => sum + count, 0),
      3,
    );
  });

  test("of no range are none", () => {
    assert.deepEqual(barsOf({ stepMs: 10, buckets: [], total: 0 }, { from: 5, to: 5 }), []);
    assert.deepEqual(barsOf({ stepMs: 0, buckets: [], total: 0 }, { from: 0, to: 5 }), []);
  });
});

describe("a drag", () => {
  const range = { from: 1000, to: 2000 };
  test("chooses the same range in both directions", () => {
    assert.deepEqual(rangeOfDrag(range, 0.25, 0.5), { from: 1250, to: 1500 });
    assert.deepEqual(rangeOfDrag(range, 0.5, 0.25), { from: 1250, to: 1500 });
  });
  test("ends at the ends, and a click is none", () => {
    assert.deepEqual(rangeOfDrag(range, -1, 2), range);
    assert.equal(rangeOfDrag(range, 0.5, 0.505), undefined);
  });
});

test("ticks are round times of the zone", () => {
  const hour = 3_600_000;
  assert.deepEqual(ticksOf({ from: 100, to: 3 * hour }, 4), [hour, 2 * hour]);
  const [first] = ticksOf({ from: 0, to: 6 * 86_400_000 }, 6, 2 * hour);
  assert.equal(first, 22 * hour);
  assert.ok(ticksOf({ from: 0, to: 400 * 86_400_000 }, 6).length <= 14);
});

test("no two ticks have the same label, and none says more than it must", () => {
  const start = Date.UTC(2026, 10, 21, 9);
  const minute = 60_000;
  const labels = (span: number, most: number) =>
    tickLabels(ticksOf({ from: start, to: start + span }, most), true);
  assert.deepEqual(labels(5 * minute, 10).slice(0, 3), ["09:00:00", "09:00:30", "09:01:00"]);
  assert.deepEqual(labels(60 * minute, 12).slice(0, 2), ["09:00", "09:05"]);
  assert.deepEqual(labels(36 * 60 * minute, 6).slice(0, 2), ["21 Nov, 12:00", "21 Nov, 18:00"]);
  assert.deepEqual(labels(7 * 24 * 60 * minute, 8).slice(0, 2), ["22 Nov", "23 Nov"]);
  for (const span of [5, 60, 24 * 60, 3.5 * 24 * 60, 30 * 24 * 60])
    for (const most of [2, 5, 11]) {
      const all = labels(span * minute, most);
      assert.equal(new Set(all).size, all.length, all.join(" "));
    }
  assert.deepEqual(tickLabels([], true), []);
});

test("an axis ends at a round count", () => {
  assert.deepEqual([0, 1, 3, 17, 50, 51, 999].map(roundUp), [1, 1, 5, 20, 50, 100, 1000]);
});
