import assert from "node:assert/strict";
import { test } from "node:test";
import { formatMinute, formatSpan, formatStamp, fromDateInput, toDateInput, zoneName } from "./zoned-time.ts";

const at = Date.UTC(2026, 10, 21, 9, 5, 7, 89);

test("UTC is shown as such wherever the browser is", () => {
  assert.equal(formatStamp(at, true), "2026-11-21 09:05:07.089");
  assert.equal(formatMinute(at, true), "21 Nov, 09:05:07");
  assert.equal(formatMinute(at - 7089, true), "21 Nov, 09:05");
});

test("a zone is named by how far it is from UTC", (context) => {
  const { TZ } = process.env;
  context.after(() => {
    if (TZ === undefined) delete process.env.TZ;
    else process.env.TZ = TZ;
  });
  const nameIn = (zone: string) => {
    process.env.TZ = zone;
    return zoneName(at, false);
  };
  assert.equal(nameIn("Asia/Kolkata"), "UTC+05:30");
  assert.equal(nameIn("America/New_York"), "UTC-05:00");
  assert.equal(nameIn("UTC"), "UTC");
  assert.equal(zoneName(at, true), "UTC");
});

test("what a date field shows is read back as the same second, in both zones", () => {
  for (const utc of [true, false]) assert.equal(fromDateInput(toDateInput(at, utc), utc), at - 89);
});

test("an empty date field is no time", () => {
  for (const utc of [true, false]) assert.ok(Number.isNaN(fromDateInput("", utc)));
});

test("a span says its day once, and both days where there are two", () => {
  const hour = 3_600_000;
  const start = at - 7089;
  assert.equal(formatSpan(start, start + hour, true), "21 Nov, 09:05 – 10:05");
  assert.equal(formatSpan(start, start + 24 * hour, true), "21 Nov, 09:05 – 22 Nov, 09:05");
  assert.equal(formatSpan(start, start + 365 * 24 * hour, true), "21 Nov, 09:05 – 21 Nov, 09:05");
});
