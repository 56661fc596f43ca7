import assert from "node:assert/strict";
import { test } from "node:test";
import { advance, createTailStates, newestOf, overlapMs, type TailState } from "./tail-states.ts";

const now = 1_790_000_000_000;
const start: TailState = { sinceMs: now - 1_000, floor: undefined, seen: [] };
const arrivals = (count: number, ingestionMs: number) =>
  Array.from({ length: count }, (_, sequence) => ({ ingestionMs, sequence }));

test("a tail remembers what it has shown for as long as it looks back", () => {
  const shown = advance(start, arrivals(3, now), { nowMs: now, isFull: true });
  assert.deepEqual(shown, { ...start, seen: arrivals(3, now) });
  const later = advance(shown, [], { nowMs: now + overlapMs, isFull: false });
  assert.deepEqual(later, { ...start, sinceMs: now, seen: arrivals(3, now) });
  const muchLater = advance(later, [], { nowMs: now + overlapMs + 1, isFull: false });
  assert.deepEqual(muchLater, { ...start, sinceMs: now + 1, seen: [] });
});

test("what was not shown yet is not left behind", () => {
  const state = advance(start, arrivals(3, now), { nowMs: now + 60_000, isFull: true });
  assert.equal(state.sinceMs, now);
});

test("a tail that shows more than it can remember goes on behind the last event", () => {
  const state = advance(start, arrivals(2_001, now), { nowMs: now, isFull: true });
  assert.deepEqual(state, { sinceMs: now, floor: { ingestionMs: now, sequence: 2_000 }, seen: [] });
});

test("the newest event is the one that came in last", () => {
  assert.equal(newestOf([]), undefined);
  const [a, b, c] = [
    { ingestionMs: 1, sequence: 9 },
    { ingestionMs: 2, sequence: 1 },
    { ingestionMs: 2, sequence: 0 },
  ];
  assert.deepEqual(newestOf([a, b, c]), b);
});

test("states are bounded: those that were given first are forgotten", () => {
  const states = createTailStates();
  for (let cursor = 0; cursor <= 500; cursor++) states.set(String(cursor), start);
  assert.equal(states.get("0"), undefined);
  assert.equal(states.get("1"), start);
});
