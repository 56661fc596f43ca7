import assert from "node:assert/strict";
import { test } from "node:test";
import { judge, visibleFrom } from "./age-rules.ts";

const now = Date.UTC(2026, 10, 21);
const hour = 3_600_000;
const day = 24 * hour;

test("what lies on a limit is within it", () => {
  assert.equal(judge(now - 14 * day, now, null), "ok");
  assert.equal(judge(now - 14 * day - 1, now, null), "too_old");
  assert.equal(judge(now + 2 * hour, now, null), "ok");
  assert.equal(judge(now + 2 * hour + 1, now, null), "too_new");
  assert.equal(judge(now - day, now, 1), "ok");
  assert.equal(judge(now - day - 1, now, 1), "expired");
});

test("older than 14 days is too old whatever the retention", () => {
  assert.equal(judge(now - 14 * day - 1, now, 1), "too_old");
  assert.equal(judge(now - 14 * day - 1, now, 3653), "too_old");
  assert.equal(judge(0, now, null), "too_old");
});

test("without a retention everything is visible", () => {
  assert.equal(visibleFrom(now, null), 0);
  assert.equal(visibleFrom(now, 7), now - 7 * day);
  assert.equal(visibleFrom(5, 7), 0);
});
