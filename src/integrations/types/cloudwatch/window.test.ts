import assert from "node:assert/strict";
import { test } from "node:test";
import type { Position } from "../integration-type.ts";
import {
  firstPart,
  livePeriods,
  oldestKept,
  overlapMs,
  planLive,
  planReadings,
  pointsPerPageMax,
  queriesThatFit,
  settlingDelayMs,
  slowPace,
  usualPace,
  without,
  youngPeriodsMax,
} from "./window.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const now = Date.UTC(2026, 0, 31, 12, 34, 56);
const everyFive = 5 * minute;

function at(storedTo: number, more: Partial<Position> = {}): Position {
  return {
    startedAt: storedTo,
    storedTo,
    askedAt: storedTo,
    metrics: 1,
    readings: [],
    trouble: null,
    ...more,
  };
}

test("the first window is three hours that end before what has not settled, on full periods", () => {
  assert.deepEqual(planLive(now, usualPace(60), undefined, everyFive), {
    window: { from: Date.UTC(2026, 0, 31, 9, 32), to: Date.UTC(2026, 0, 31, 12, 32) },
    hole: undefined,
  });
});

test("the next window begins a little before what was read and ends where it is now", () => {
  const storedTo = Date.UTC(2026, 0, 31, 12, 27);
  const { window, hole } = planLive(now, usualPace(60), at(storedTo), everyFive);
  assert.deepEqual(window, { from: storedTo - overlapMs, to: Date.UTC(2026, 0, 31, 12, 32) });
  assert.equal(hole, undefined);
});

test("nothing is asked, and nothing paid, while no period has ended since the last reading", () => {
  const position = at(Date.UTC(2026, 0, 31, 12));
  assert.equal(planLive(now, usualPace(3600), position, everyFive).window, undefined);
  assert.ok(planLive(now + hour, usualPace(3600), position, everyFive).window);
});

test("after a long break the window is short, and what lies between is a hole", () => {
  const storedTo = Date.UTC(2026, 0, 30, 12);
  const to = Date.UTC(2026, 0, 31, 12, 32);
  assert.deepEqual(planLive(now, usualPace(60), at(storedTo), everyFive), {
    window: { from: to - 3 * hour, to },
    hole: { from: storedTo, to: to - 3 * hour },
  });
});

test("turns that are far apart are one window each, of at most a day of minutes", () => {
  const storedTo = Date.UTC(2026, 0, 31, 2, 32);
  const { window, hole } = planLive(now, usualPace(60), at(storedTo), 10 * hour);
  assert.deepEqual([window?.from, hole], [storedTo - overlapMs, undefined]);
  assert.equal(livePeriods(usualPace(60), 7 * day), 1440);
  assert.equal(livePeriods(usualPace(60), minute), 180);
});

test("no window begins before what AWS keeps of its period", () => {
  for (const [periodSeconds, days] of [
    [60, 15],
    [300, 63],
    [3600, 455],
  ] as const) {
    const oldest = oldestKept(now, usualPace(periodSeconds));
    assert.ok(oldest > now - days * day && oldest <= now - days * day + periodSeconds * 1000);
    assert.equal(oldest % (periodSeconds * 1000), 0);
  }
});

test("every time ends a period", () => {
  for (const periodSeconds of [60, 300, 3600, 86_400]) {
    const { window, hole } = planLive(now, usualPace(periodSeconds), at(now - 30 * day - 12_345), everyFive);
    for (const { from, to } of [window, hole].filter((range) => range !== undefined)) {
      assert.equal(from % (periodSeconds * 1000), 0);
      assert.equal(to % (periodSeconds * 1000), 0);
      assert.ok(to <= now - settlingDelayMs);
    }
  }
});

test("metrics with a few points a day are looked for four times a period, days back, and not read again", () => {
  const pace = slowPace(86_400);
  const first = planLive(now, pace, undefined, everyFive);
  assert.deepEqual(first.window, { from: Date.UTC(2026, 0, 17), to: Date.UTC(2026, 0, 31, 12) });
  const position = at(Date.UTC(2026, 0, 31, 12), { startedAt: 0 });
  assert.equal(planLive(now, pace, position, everyFive).window, undefined);
  assert.deepEqual(planLive(now + 6 * hour, pace, position, everyFive), {
    window: { from: Date.UTC(2026, 0, 28), to: Date.UTC(2026, 0, 31, 18) },
    hole: undefined,
  });
  assert.deepEqual(planReadings(now, pace, position).due, []);
});

test("a re-reading is due once all of its window is old enough, and follows on the one before", () => {
  const startedAt = Date.UTC(2026, 0, 25);
  const position = at(now, { startedAt });
  const young = planReadings(startedAt + 8.9 * hour, usualPace(60), at(now, { startedAt }));
  assert.deepEqual(young, { readings: [startedAt, startedAt, startedAt], due: [] });
  const { readings, due } = planReadings(startedAt + 9 * hour, usualPace(60), position);
  assert.deepEqual(due, [{ reading: 1, range: { from: startedAt, to: startedAt + 6 * hour } }]);
  const later = planReadings(startedAt + 50 * hour, usualPace(60), { ...position, readings });
  assert.deepEqual(later.due, [
    { reading: 1, range: { from: startedAt + 6 * hour, to: startedAt + 42 * hour } },
    { reading: 2, range: { from: startedAt, to: startedAt + 24 * hour } },
  ]);
});

test("time that was not read yet is not read again", () => {
  const startedAt = Date.UTC(2026, 0, 25);
  const { due } = planReadings(now, usualPace(60), at(startedAt + 5 * hour, { startedAt }));
  assert.deepEqual(due, []);
});

test("a part is at most a day of minutes, and a page has room for its points", () => {
  const pace = usualPace(60);
  const part = firstPart({ from: 0, to: 3 * day }, pace);
  assert.deepEqual(part, { from: 0, to: day });
  assert.ok(queriesThatFit(part, pace) * 1440 <= pointsPerPageMax);
  assert.ok(queriesThatFit({ from: 0, to: youngPeriodsMax * minute }, pace) >= 500);
});

test("a range without others is what is left of it", () => {
  const range = { from: 0, to: 100 };
  assert.deepEqual(without(range, []), [range]);
  assert.deepEqual(without(range, [{ from: 20, to: 30 }]), [
    { from: 0, to: 20 },
    { from: 30, to: 100 },
  ]);
  assert.deepEqual(
    without(range, [
      { from: -5, to: 50 },
      { from: 40, to: 200 },
    ]),
    [],
  );
  assert.deepEqual(without(range, [{ from: 100, to: 200 }]), [range]);
});

test("what a clock that was ahead has left is read anew instead of being waited for", () => {
  const pace = usualPace(60);
  const ahead = at(now + 30 * day, { readings: [now + 29 * day, now + 28 * day, now + 27 * day] });
  const { window, hole } = planLive(now, pace, ahead, everyFive);
  const to = Date.UTC(2026, 0, 31, 12, 32);
  assert.deepEqual(window, { from: to - 3 * hour, to });
  assert.equal(hole, undefined);
  const { readings, due } = planReadings(now, pace, { ...ahead, storedTo: to });
  assert.deepEqual(due, [
    { reading: 1, range: { from: now - 9 * hour, to: now - 3 * hour } },
    { reading: 2, range: { from: now - 50 * hour, to: now - 26 * hour } },
    { reading: 3, range: { from: now - 74 * hour, to: now - 50 * hour } },
  ]);
  assert.deepEqual(readings, [now - 3 * hour, now - 26 * hour, now - 50 * hour]);
});
