import assert from "node:assert/strict";
import { test } from "node:test";
import { formatDollars, formatMetricValue, formatRelative, formatSeconds } from "./format.ts";

test("small sums of money keep their digits", () => {
  assert.equal(formatDollars(0), "$0.00");
  assert.equal(formatDollars(0.00938), "$0.00938");
  assert.equal(formatDollars(12.5), "$12.50");
});

test("relative times look back and ahead", () => {
  assert.equal(formatRelative(1000, 3000), "just now");
  assert.equal(formatRelative(0, 180_000), "3 min. ago");
  assert.equal(formatRelative(7_200_000, 0), "in 2 hr.");
});

test("values carry CloudWatch's unit", () => {
  assert.equal(formatMetricValue(1_572_864, "Bytes"), "1.5 MiB");
  assert.equal(formatMetricValue(2, "Kilobytes/Second"), "1.95 KiB/s");
  assert.equal(formatMetricValue(12.345, "Percent"), "12.35%");
  assert.equal(formatMetricValue(0.0123, "Seconds"), "12.3 ms");
  assert.equal(formatMetricValue(1_234_567, "Count"), "1.2M");
  assert.equal(formatMetricValue(0, null), "0");
});

test("whole minutes, hours and days are said as such", () => {
  assert.deepEqual([60, 90, 3600, 86_400].map(formatSeconds), ["1 min", "90 s", "1 h", "1 d"]);
});
