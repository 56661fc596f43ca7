import assert from "node:assert/strict";
import { test } from "node:test";
import {
  completeTo,
  overlapMs,
  planWindow,
  rangePeriodsMax,
  rangesPerRunMax,
  settlingDelayMs,
  slowPace,
  usualPace,
} from "./window.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const now = Date.UTC(2026, 0, 31, 12, 34, 56);
const at = (storedTo: number) => ({ storedTo, incompleteTries: 0 });

test("the first window is one full range that ends before what has not settled, on full periods", () => {
  const plan = planWindow(now, usualPace(60), undefined);
  assert.deepEqual(plan.all, plan.ranges);
  assert.deepEqual(plan.all, [{ from: Date.UTC(2026, 0, 31, 9, 32), to: Date.UTC(2026, 0, 31, 12, 32) }]);
});

test("the next window begins a little before the checkpoint and ends where it is now", () => {
  const storedTo = Date.UTC(2026, 0, 31, 12, 29);
  const [range] = planWindow(now, usualPace(60), at(storedTo)).ranges;
  assert.deepEqual(range, { from: storedTo - overlapMs, to: Date.UTC(2026, 0, 31, 12, 32) });
});

test("nothing is asked, and nothing paid, while no period has ended since the checkpoint", () => {
  assert.deepEqual(planWindow(now, usualPace(3600), at(Date.UTC(2026, 0, 31, 12))).ranges, []);
  assert.equal(planWindow(now + hour, usualPace(3600), at(Date.UTC(2026, 0, 31, 12))).ranges.length, 1);
});

test("a gap is filled in ranges of bounded size: the newest first, then from the oldest on", () => {
  const { ranges, all } = planWindow(now, usualPace(60), at(now - 10 * hour));
  assert.equal(all.length, 4);
  assert.deepEqual(ranges, [all[3], all[0], all[1], all[2]]);
  for (const { from, to } of all) assert.ok(to - from <= rangePeriodsMax * minute);
  for (const [index, range] of all.slice(1).entries()) assert.equal(range.from, all[index]?.to);
});

test("one run asks for a bounded number of ranges, and always for the newest", () => {
  const { ranges, all } = planWindow(now, usualPace(60), at(now - 5 * day));
  assert.equal(ranges.length, rangesPerRunMax);
  assert.ok(all.length > ranges.length);
  assert.equal(ranges[0], all.at(-1));
});

test("no further back than AWS keeps points of that period, and what is lost is said", () => {
  for (const [periodSeconds, days] of [
    [60, 15],
    [300, 63],
    [3600, 455],
  ] as const) {
    const storedTo = now - 500 * day;
    const { all, lost } = planWindow(now, usualPace(periodSeconds), at(storedTo));
    assert.ok(
      all[0] && all[0].from >= now - days * day && all[0].from <= now - days * day + 2 * periodSeconds * 1000,
    );
    assert.deepEqual(lost, { from: storedTo, to: all[0].from });
  }
  assert.equal(planWindow(now, usualPace(60), at(now - day)).lost, undefined);
});

test("every time ends a period", () => {
  for (const periodSeconds of [60, 300, 3600, 86_400]) {
    for (const { from, to } of planWindow(now, usualPace(periodSeconds), at(now - 3 * day - 12_345)).all) {
      assert.equal(from % (periodSeconds * 1000), 0);
      assert.equal(to % (periodSeconds * 1000), 0);
      assert.ok(to <= now - settlingDelayMs);
    }
  }
});

test("metrics with a few points a day are looked for four times a period, days back", () => {
  const plan = planWindow(now, slowPace(86_400), undefined);
  assert.deepEqual(plan.all, [{ from: Date.UTC(2026, 0, 17), to: Date.UTC(2026, 0, 31, 12) }]);
  const storedTo = Date.UTC(2026, 0, 31, 12);
  assert.deepEqual(planWindow(now, slowPace(86_400), at(storedTo)).ranges, []);
  assert.deepEqual(planWindow(now + 6 * hour, slowPace(86_400), at(storedTo)).ranges, [
    { from: Date.UTC(2026, 0, 28), to: Date.UTC(2026, 0, 31, 18) },
  ]);
});

test("the checkpoint never passes a hole", () => {
  const { all } = planWindow(now, usualPace(60), at(now - 10 * hour));
  assert.equal(
    completeTo(all, () => true),
    all[3]?.to,
  );
  assert.equal(
    completeTo(all, (range) => range !== all[1]),
    all[0]?.to,
  );
  assert.equal(
    completeTo(all, (range) => range === all[3]),
    undefined,
  );
});
