import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Pause, TrailRecord } from "../trails-queries.ts";
import { endOf, isPaused, nextStretch, positionAt } from "./stretches.ts";

const minute = 60_000;
const start = Date.UTC(2026, 9, 1);

const trail = (pauses: readonly Pause[], at = start): TrailRecord => ({
  name: "main",
  bucket: "bucket",
  prefix: null,
  includeGlobalServiceEvents: true,
  isMultiRegion: false,
  selection: null,
  tags: [],
  isLogging: true,
  startedAt: null,
  stoppedAt: null,
  pauses,
  position: positionAt(at),
  attemptedAt: null,
  deliveredAt: null,
  deliveryError: null,
});

const event = (eventTimeMs: number, recordedAtMs = eventTimeMs) => ({
  eventId: "",
  record: "",
  eventTimeMs,
  recordedAtMs,
});

describe("what is due", () => {
  test("a position that a clock wrote which was ahead does not stop delivery", () => {
    const ahead = trail([], start + 30 * 24 * 60 * minute);
    const hourAgo = endOf(start - 60 * minute);
    assert.deepEqual(nextStretch(ahead, "outcomes", start), { behind: hourAgo, upToMs: start - 15_000 });
    const began = new Date(start - minute);
    assert.deepEqual(
      nextStretch({ ...ahead, startedAt: began }, "outcomes", start)?.behind,
      endOf(start - minute),
    );
    // Clocks that differ a little are no reason to deliver again.
    assert.equal(nextStretch(trail([], start + 5_000), "outcomes", start), undefined);
  });

  test("stays behind the clock: outcomes by seconds, calls without outcome by a minute", () => {
    assert.equal(nextStretch(trail([]), "outcomes", start + 15_000), undefined);
    assert.deepEqual(nextStretch(trail([]), "outcomes", start + 15_001), {
      behind: endOf(start),
      upToMs: start + 1,
    });
    assert.equal(nextStretch(trail([]), "open", start + minute), undefined);
    assert.equal(nextStretch(trail([]), "open", start + 2 * minute)?.upToMs, start + minute);
  });

  test("is nothing for a trail that has never logged", () => {
    assert.equal(nextStretch({ ...trail([]), position: null }, "outcomes", start + minute), undefined);
  });

  test("ends a while after logging was stopped, so that outcomes of calls under way still come", () => {
    const stopped = trail([{ fromMs: start + minute, toMs: null }]);
    assert.equal(nextStretch(stopped, "outcomes", start + 60 * minute)?.upToMs, start + 11 * minute);
    const done = trail(stopped.pauses, start + 11 * minute);
    assert.equal(nextStretch(done, "outcomes", start + 60 * minute), undefined);
  });

  test("leaps a pause that is over, but not what was left before it", () => {
    const pauses = [{ fromMs: start + minute, toMs: start + 600 * minute }];
    const now = start + 700 * minute;
    assert.equal(nextStretch(trail(pauses), "outcomes", now)?.behind.recordedAtMs, start);
    const passed = nextStretch(trail(pauses, start + 11 * minute), "outcomes", now);
    assert.equal(passed?.behind.recordedAtMs, start + 600 * minute);
    // Recorded in the very millisecond in which logging was started again.
    assert.ok((passed?.behind.eventId ?? "f") < "0b1b1c1e");
  });
});

test("a call of a pause is passed over; one that was recorded after it is not", () => {
  const pauses = [
    { fromMs: start, toMs: start + minute },
    { fromMs: start + 5 * minute, toMs: null },
  ];
  assert.equal(isPaused(pauses, event(start - 1, start + 10)), false);
  assert.equal(isPaused(pauses, event(start, start + 10)), true);
  assert.equal(isPaused(pauses, event(start + minute - 1, start + minute + 1)), false);
  assert.equal(isPaused(pauses, event(start + 2 * minute)), false);
  assert.equal(isPaused(pauses, event(start + 6 * minute)), true);
});
