import assert from "node:assert/strict";
import { test } from "node:test";
import { ageDaysOf, daysUntil, endsSoon, suggestedUserName } from "./key-age.ts";

const now = new Date(2026, 10, 21, 9, 0, 0).getTime();

test("a date counts whole days, so that the key ends on that day and not after it", () => {
  assert.deepEqual(daysUntil("2026-11-22", now), { days: 1 });
  assert.deepEqual(daysUntil("2026-12-21", now), { days: 30 });
});

test("today, the past, the far future and no date are refused", () => {
  for (const date of ["2026-11-21", "2020-01-01", "2200-01-01", "", "soon"])
    assert.ok("problem" in daysUntil(date, now), date);
  assert.throws(() => ageDaysOf("custom", "2026-11-21", now));
});

test("never is null, and only never", () => {
  assert.equal(ageDaysOf("never", "", now), null);
  assert.equal(ageDaysOf("90", "", now), 90);
  assert.equal(ageDaysOf("custom", "2026-12-21", now), 30);
});

test("warns two weeks ahead, and of what never ends not at all", () => {
  const inDays = (days: number) => new Date(now + days * 86_400_000).toISOString();
  assert.equal(endsSoon(inDays(13.9), now), true);
  assert.equal(endsSoon(inDays(14.1), now), false);
  assert.equal(endsSoon(null, now), false);
});

test("a suggested name is free", () => {
  assert.equal(suggestedUserName([]), "log-sender");
  assert.equal(suggestedUserName(["log-sender", "log-sender-2"]), "log-sender-3");
});
