import assert from "node:assert/strict";
import { test } from "node:test";
import { monthOf, monthTitle, shiftMonth } from "./months.ts";

test("months follow each other across the end of a year", () => {
  assert.equal(shiftMonth("2026-01", -1), "2025-12");
  assert.equal(shiftMonth("2026-12", 1), "2027-01");
  assert.equal(shiftMonth("2026-03", -14), "2025-01");
});

test("a month is that of UTC", () => {
  assert.equal(monthOf(Date.parse("2026-11-30T23:59:59Z")), "2026-11");
  assert.equal(monthTitle("2026-11"), "November 2026");
});
