import assert from "node:assert/strict";
import { test } from "node:test";
import type { Owed } from "../integration-type.ts";
import { planBatches, type SelectedMetric } from "./collect.ts";
import { allKeys, metricKey } from "./keys.ts";
import {
  canBePaid,
  expire,
  failureOfBatch,
  failureOfMetric,
  isDueAt,
  joinFailures,
  oweAll,
  oweLive,
  restOf,
  retryAt,
  widen,
} from "./owing.ts";
import { usualPace } from "./window.ts";

const minute = 60_000;
const now = Date.UTC(2026, 0, 31, 12);
const metrics: SelectedMetric[] = Array.from({ length: 9 }, (_, i) => {
  const metric = { namespace: "AWS/EC2", metricName: "CPUUtilization", dimensions: { InstanceId: `i-${i}` } };
  return { ...metric, resourceTags: {}, key: metricKey(metric) };
});
const batches = planBatches(metrics, ["Average"], { periodSeconds: 60, queriesMax: 3 });
const range = { from: now - 20 * minute, to: now };
const throttled = { reason: "throttled", detail: "Rate exceeded" } as const;

function owedOf(more: Partial<Owed> = {}): Owed {
  return { ...oweAll(range, throttled, { reading: 0, now }), id: "one", ...more };
}

test("failures of neighbouring batches are one, others stay apart", () => {
  const failures = batches.map((batch) => failureOfBatch(batch, range, throttled));
  const [all] = joinFailures(failures);
  assert.deepEqual([joinFailures(failures).length, all?.fromKey, all?.toKey], [1, null, null]);
  assert.equal(joinFailures([failures[0]!, failures[2]!]).length, 2);
  const otherTime = failureOfBatch(batches[1]!, { ...range, from: now - minute }, throttled);
  assert.equal(joinFailures([failures[0]!, otherTime, failures[2]!]).length, 3);
});

test("thousands of failures become one window over all of them", () => {
  const many = Array.from({ length: 1001 }, (_, i) => {
    const metric = { ...metrics[0]!, key: `k${String(10_000 + i)}` };
    return failureOfMetric(metric, range, throttled);
  });
  const [one, ...others] = joinFailures(many);
  assert.deepEqual([others.length, one?.metrics.length], [0, 1001]);
  assert.equal(one?.fromKey, "k10000");
});

test("a batch is read from where its metrics owe something", () => {
  const young = [owedOf({ ...keysOf(4), from: now - 60 * minute })];
  assert.equal(widen(range, batches[0]!, young).from, range.from);
  assert.equal(widen(range, batches[1]!, young).from, now - 60 * minute);
});

function keysOf(index: number) {
  const { fromKey, toKey } = failureOfMetric(metrics[index]!, range, throttled);
  return { fromKey, toKey };
}

test("what fails again remembers since when it is owed and how often it was tried", () => {
  const before = owedOf({ ...keysOf(4), tries: 2, owedSince: now - 90 * minute });
  const failures = [failureOfBatch(batches[1]!, range, throttled)];
  const [owed] = oweLive(failures, [before], now, usualPace(60));
  assert.deepEqual([owed?.tries, owed?.owedSince, owed?.metrics], [3, now - 90 * minute, 3]);
  assert.deepEqual([owed?.firstMetric, owed?.reason], ["AWS/EC2 CPUUtilization", "throttled"]);
});

test("after a part was read the rest is owed, and what failed in the part, later", () => {
  const owed = owedOf({ tries: 1 });
  const part = { from: range.from, to: range.from + 5 * minute };
  const rest = restOf(owed, part, [failureOfBatch(batches[1]!, part, throttled)], now);
  assert.deepEqual(
    rest.map(({ from, to, metrics: count, tries, dueAt }) => [from, to, count, tries, dueAt]),
    [
      [part.to, range.to, 0, 1, now],
      [part.from, part.to, 3, 2, now + 2 * minute],
    ],
  );
  assert.deepEqual(restOf(owed, range, [], now), []);
});

test("a failure of other metrics leaves nothing owed", () => {
  const owed = owedOf(keysOf(0));
  assert.deepEqual(restOf(owed, range, [failureOfBatch(batches[1]!, range, throttled)], now), []);
  const [again] = restOf(owed, range, [failureOfBatch(batches[0]!, range, throttled)], now);
  assert.deepEqual([again?.fromKey, again?.toKey, again?.metrics], [owed.fromKey, owed.toKey, 1]);
});

test("retries come a minute later, then ever later, at most six hours", () => {
  const waits = [1, 2, 3, 4, 20].map((tries) => (retryAt(now, tries) - now) / minute);
  assert.deepEqual(waits, [1, 2, 4, 8, 360]);
});

test("what AWS no longer keeps is lost if it was never read; the rest stays owed", () => {
  const half = now - 10 * minute;
  const missing = owedOf();
  const again = owedOf({ id: "two", reading: 2, reason: "re-read" });
  const young = owedOf({ id: "three", from: now - 5 * minute });
  const { settled, owe, lost } = expire([missing, again, young], half);
  assert.deepEqual(settled, ["one", "two"]);
  assert.deepEqual(
    owe.map(({ from, reading }) => [from, reading]),
    [
      [half, 0],
      [half, 2],
    ],
  );
  assert.deepEqual(
    lost.map(({ from, to, reason }) => [from, to, reason]),
    [[range.from, half, "throttled"]],
  );
});

test("a window of metrics that are gone cannot be paid, one of all metrics can", () => {
  assert.ok(canBePaid(owedOf(allKeys), []));
  assert.ok(canBePaid(owedOf(keysOf(3)), metrics));
  assert.ok(!canBePaid(owedOf(keysOf(3)), metrics.slice(4)));
});

test("a window does not wait longer than any retry would, whatever a longer period or a wrong clock has noted", () => {
  assert.equal(isDueAt(owedOf({ dueAt: now + 30 * minute }), now), false);
  assert.equal(isDueAt(owedOf({ dueAt: now + 8 * 24 * 60 * minute }), now), true);
  assert.equal(isDueAt(owedOf({ dueAt: now + 24 * 60 * minute, reading: 4 }), now), false);
});
