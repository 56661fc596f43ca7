import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { greedyCredentials, type Lane, laneOf, lanePriorities, openLanes, priorityOf } from "./fairness.ts";

const now = Date.UTC(2026, 10, 20, 12);
const minute = 60_000;

describe("order", () => {
  const brief = (dueAt: number, handicapMs: number | null = null) =>
    priorityOf({ lane: "brief", dueAt, handicapMs });

  test("who is due earlier goes first", () => {
    assert.ok(brief(now) > brief(now + 1_000));
  });

  test("of two that are due together the one that takes less goes first", () => {
    assert.ok(brief(now, 2_000) > brief(now, 9_000));
  });

  test("nobody is put back further than five minutes", () => {
    const long = (dueAt: number, handicapMs: number) => priorityOf({ lane: "long", dueAt, handicapMs });
    assert.ok(long(now, 15 * minute) > long(now + 6 * minute, 11_000));
  });

  test("what a person asks for goes before turns that have waited for hours", () => {
    const asked = priorityOf({ lane: "brief", dueAt: now, handicapMs: null, urgent: true });
    assert.ok(asked > brief(now - 20 * 60 * minute));
  });

  test("lanes never mix, in this century's first half", () => {
    for (const dueAt of [0, now, Date.UTC(2050, 0)]) {
      for (const lane of ["brief", "long"] as const) {
        const priority = priorityOf({ lane, dueAt, handicapMs: null });
        const { min, max } = lanePriorities[lane];
        assert.ok(
          priority >= min && priority <= max && Number.isInteger(priority) && Math.abs(priority) < 2 ** 31,
        );
      }
    }
    assert.ok(brief(Date.UTC(2050, 0)) > brief(Date.UTC(2050, 0) + 1_000));
  });
});

describe("places", () => {
  test("a run that took more than ten seconds is expected to do so again", () => {
    assert.deepEqual([laneOf(null), laneOf(9_000), laneOf(11_000)], ["brief", "brief", "long"]);
  });

  /** Takes as many as it may from queues of this length, without any of them ending. */
  function fill(waiting: Record<Lane, number>, runsAtOnce: number): Record<Lane, number> {
    const under = { brief: 0, long: 0 };
    for (;;) {
      const lane = openLanes(under, runsAtOnce).find((name) => waiting[name] > under[name]);
      if (!lane) return under;
      under[lane]++;
    }
  }

  test("long runs leave two of eight places to short ones, however many wait", () => {
    assert.deepEqual(fill({ brief: 0, long: 100 }, 8), { brief: 0, long: 6 });
    assert.deepEqual(fill({ brief: 100, long: 100 }, 8), { brief: 6, long: 2 }, "and have two of their own");
  });

  test("short runs may have all places when nothing else waits", () => {
    assert.deepEqual(fill({ brief: 100, long: 0 }, 8), { brief: 8, long: 0 });
    assert.deepEqual(fill({ brief: 100, long: 1 }, 8), { brief: 7, long: 1 });
  });

  test("runs that turned out long do not keep short ones out, up to as many again", () => {
    assert.deepEqual(openLanes({ brief: 0, long: 8 }, 8), ["brief"]);
    assert.deepEqual(openLanes({ brief: 2, long: 8 }, 8), []);
    assert.deepEqual(openLanes({ brief: 1, long: 14 }, 8), ["brief"]);
    assert.deepEqual(openLanes({ brief: 0, long: 16 }, 8), []);
  });

  test("one place is for whoever comes", () => {
    assert.deepEqual(fill({ brief: 1, long: 5 }, 1), { brief: 1, long: 0 });
    assert.deepEqual(fill({ brief: 0, long: 5 }, 1), { brief: 0, long: 1 });
  });
});

test("a credential with half of the places is greedy, those without one never are", () => {
  assert.deepEqual(greedyCredentials(["a", "a", "a", "b", null, null, null, null], 8), []);
  assert.deepEqual(greedyCredentials(["a", "a", "a", "a", "b"], 8), ["a"]);
});
