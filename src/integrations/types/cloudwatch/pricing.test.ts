import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Calls,
  chargedMetrics,
  type Demand,
  priceOfCall,
  turnsPerMonth,
  usdOfCall,
  usdPerMonth,
} from "./pricing.ts";

const everyFiveMinutes = { low: 8640, high: 8640 };
const demand: Demand = { metrics: 1, statistics: 1, timesPerMonth: everyFiveMinutes };
const cents = ({ low, high }: { low: number; high: number }) => [low, high].map((usd) => usd.toFixed(4));

test("up to five statistics of a metric count as one, or each by itself", () => {
  const cases: [metrics: number, statistics: number, low: number, high: number][] = [
    [1, 1, 1, 1],
    [10, 5, 10, 50],
    [10, 6, 20, 60],
    [3, 11, 9, 33],
    [0, 5, 0, 0],
  ];
  for (const [metrics, statistics, low, high] of cases) {
    assert.deepEqual(chargedMetrics(metrics, statistics), { low, high });
  }
});

test("a month is what is asked for in thirty days, at a cent per thousand", () => {
  const cases: [Partial<Demand>, low: string, high: string][] = [
    [{}, "0.0864", "0.0864"],
    [{ metrics: 1000 }, "86.4000", "86.4000"],
    [{ metrics: 1000, statistics: 5 }, "86.4000", "432.0000"],
    [{ metrics: 1000, timesPerMonth: { low: 30, high: 60 } }, "0.3000", "0.6000"],
    [{ metrics: 0 }, "0.0000", "0.0000"],
  ];
  for (const [change, low, high] of cases) {
    assert.deepEqual(cents(usdPerMonth([{ ...demand, ...change }], [])), [low, high]);
  }
});

test("turns may be a twentieth fewer or more than the interval says", () => {
  const { low, high } = turnsPerMonth(5);
  assert.ok(low < 8640 && low > 8640 * 0.95);
  assert.ok(high > 8640 && high < 8640 * 1.06);
});

test("calls are free at best, and demands add up", () => {
  const listing: Calls = { calls: 10, timesPerMonth: 2880 };
  assert.deepEqual(cents(usdPerMonth([], [listing])), ["0.0000", "0.2880"]);
  assert.deepEqual(cents(usdPerMonth([demand, demand], [listing, listing])), ["0.1728", "0.7488"]);
});

test("calls of the tagging and identity services cost nothing", () => {
  assert.equal(usdOfCall("ListMetrics"), 0.00001);
  assert.deepEqual(priceOfCall("GetMetricStatistics"), { low: 0, high: 0.00001 });
  for (const operation of ["GetMetricData", "GetResources", "AssumeRole"])
    assert.equal(usdOfCall(operation), 0);
});
