import assert from "node:assert/strict";
import { test } from "node:test";
import { chargedMetrics, type Demand, type Listing, usdOfCall, usdPerMonth } from "./pricing.ts";

const demand: Demand = { metrics: 1, statistics: 1, everyMinutes: 5, ranges: 1 };
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
    [{ everyMinutes: 1 }, "0.4320", "0.4320"],
    [{ metrics: 1000, everyMinutes: 1 }, "432.0000", "432.0000"],
    [{ metrics: 1000, everyMinutes: 15 }, "28.8000", "28.8000"],
    [{ metrics: 1000, everyMinutes: 15, statistics: 5 }, "28.8000", "144.0000"],
    [{ metrics: 1000, everyMinutes: 1440, ranges: 9 }, "2.7000", "2.7000"],
    [{ metrics: 0 }, "0.0000", "0.0000"],
  ];
  for (const [change, low, high] of cases) {
    assert.deepEqual(cents(usdPerMonth([{ ...demand, ...change }], [])), [low, high]);
  }
});

test("listings are free at best, and demands add up", () => {
  const listing: Listing = { calls: 10, everyMinutes: 5 };
  assert.deepEqual(cents(usdPerMonth([], [listing])), ["0.0000", "0.8640"]);
  assert.deepEqual(cents(usdPerMonth([demand, demand], [listing, listing])), ["0.1728", "1.9008"]);
});

test("calls of the tagging and identity services cost nothing", () => {
  assert.equal(usdOfCall("ListMetrics"), 0.00001);
  assert.equal(usdOfCall("GetMetricStatistics"), 0.00001);
  for (const operation of ["GetMetricData", "GetResources", "AssumeRole"])
    assert.equal(usdOfCall(operation), 0);
});
