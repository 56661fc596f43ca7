import assert from "node:assert/strict";
import { test } from "node:test";
import { boundsOfMonth, formatTime, formatUsd, monthOf } from "./calendar.ts";
import { priceOfCall } from "./prices.ts";
import { projectMonth, reconcile } from "./report.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

test("a month ends where the next one begins, also at the turn of the year", () => {
  const { start, end } = boundsOfMonth("2026-12");
  assert.equal(formatTime(start), "2026-12-01 00:00 UTC");
  assert.equal(formatTime(end), "2027-01-01 00:00 UTC");
  assert.deepEqual([monthOf(end - 1), monthOf(end)], ["2026-12", "2027-01"]);
});

test("amounts have cents, and hundredths of them where that is all there is", () => {
  assert.deepEqual([5, 4.987, 0.0123, 0].map(formatUsd), ["$5.00", "$4.99", "$0.0123", "$0.00"]);
});

test("a month goes on at the pace of the last seven days", () => {
  const now = Date.UTC(2026, 10, 21, 12);
  const recent = { usd: { low: 6.5, high: 13 }, firstAt: now - 100 * dayMs };
  const projected = projectMonth("2026-11", now, { low: 20, high: 40 }, recent);
  // From 15 November 00:00 on are 6.5 days, and 9.5 are left.
  assert.deepEqual(projected, { low: 29.5, high: 59 });
});

test("what began today is not taken for a whole week, nor its first minutes for its pace", () => {
  const now = Date.UTC(2026, 10, 30, 12);
  const usd = { low: 1, high: 1 };
  assert.equal(projectMonth("2026-11", now, usd, { usd, firstAt: now - 6 * hourMs })?.high, 3);
  assert.equal(projectMonth("2026-11", now, usd, { usd, firstAt: now - 60_000 })?.high, 13);
});

test("a month that is over, or has not begun, is not projected", () => {
  const usd = { low: 1, high: 1 };
  const recent = { usd, firstAt: 0 };
  assert.equal(projectMonth("2026-10", Date.UTC(2026, 10, 1), usd, recent), null);
  assert.equal(projectMonth("2026-12", Date.UTC(2026, 10, 30), usd, recent), null);
});

test("without Cost Explorer data there is nothing to compare with, and that is said", () => {
  const found = reconcile({ low: 1, high: 5 }, null);
  assert.equal(found.state, "no-cost-data");
  assert.match(found.message, /\$1\.00 to \$5\.00.*does not collect Cost Explorer data.*CW:GMD-Metrics/);
});

test("AWS's figure agrees within the range, its rounding allowed for, and differs outside of it", () => {
  const cases: [billed: number, state: string, message: RegExp][] = [
    [1, "agrees", /AWS bills \$1\.00/],
    [5.2, "agrees", /AWS bills \$5\.20/],
    [0.95, "agrees", /./],
    [0.5, "differs", /up to a day late/],
    [7, "differs", /Other programs/],
  ];
  for (const [billed, state, message] of cases) {
    const found = reconcile({ low: 1, high: 5 }, billed);
    assert.deepEqual([found.state, found.billedUsd], [state, billed], String(billed));
    assert.match(found.message, message);
  }
});

test("Cost Explorer is charged by the request, listings are free at best, and most calls cost nothing", () => {
  assert.deepEqual(priceOfCall("ce", "GetCostAndUsage"), { low: 0.01, high: 0.01 });
  assert.deepEqual(priceOfCall("monitoring", "ListMetrics"), { low: 0, high: 0.00001 });
  assert.equal(priceOfCall("sts", "GetCallerIdentity"), undefined);
  assert.equal(priceOfCall("monitoring", "GetMetricData"), undefined);
});
