import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogEvent } from "@nephoscope/contract";
import { emptyTail, pauseBeforeNext, rateOf, tailEventsMost, tailOf, withArrivals } from "./tail-buffer.ts";

const event = (id: number): LogEvent => ({
  id: String(id),
  timestamp: "",
  timestampMs: id,
  ingestionTime: "",
  stream: "s",
  message: "m",
});
const idsOf = ({ events }: { events: readonly LogEvent[] }) => events.map(({ id }) => id);

test("the last arrival is on top, and none is there twice", () => {
  const first = withArrivals(emptyTail, [event(1), event(2)], 0);
  assert.deepEqual(idsOf(withArrivals(first, [event(2), event(3)], 0)), ["3", "2", "1"]);
});

test("the list is bounded, and says what it let go", () => {
  const items = Array.from({ length: tailEventsMost + 5 }, (_, id) => event(id));
  const buffer = withArrivals(emptyTail, items, 0);
  assert.equal(buffer.events.length, tailEventsMost);
  assert.equal(buffer.dropped, 5);
  assert.equal(buffer.events[0]?.id, String(tailEventsMost + 4));
});

test("the rate is that of the last ten seconds", () => {
  const early = withArrivals(emptyTail, [event(1)], 0);
  const late = withArrivals(early, [event(2), event(3)], 9_000);
  assert.equal(rateOf(late, 9_000), 0.3);
  assert.equal(rateOf(late, 11_000), 0.2);
  assert.equal(rateOf(late, 60_000), 0);
});

test("what was there before is shown and is no part of the rate", () => {
  const buffer = tailOf([event(1), event(2)]);
  assert.deepEqual(idsOf(buffer), ["2", "1"]);
  assert.equal(rateOf(buffer, 0), 0);
});

test("more that is waiting is asked for at once; failures make it wait longer, up to a bound", () => {
  assert.equal(pauseBeforeNext(true, 0), 0);
  assert.equal(pauseBeforeNext(false, 0), 1000);
  assert.deepEqual(
    [1, 2, 3, 20].map((failures) => pauseBeforeNext(true, failures)),
    [1000, 2000, 4000, 15_000],
  );
});
