import assert from "node:assert/strict";
import { test } from "node:test";
import { formatNumber, formatRelative } from "./format.ts";
import { formatTable } from "./table.ts";

test("columns line up, numbers to the right, ideographs count twice", () => {
  const table = formatTable(
    ["name", "points"],
    [
      ["東京", 5],
      ["oslo", 1234],
      [null, null],
    ],
  );
  assert.equal(table, "NAME  POINTS\n東京       5\noslo    1234\n-          -\n");
});

test("numbers keep four digits and times say how long ago", () => {
  assert.deepEqual([0, 0.00001, 12.3456, 9999, 12_345, 12_345_678, -50_000].map(formatNumber), [
    "0",
    "1.00e-5",
    "12.35",
    "9999",
    "12.35k",
    "12.35M",
    "-50k",
  ]);
  const now = Date.parse("2026-11-21T12:00:00Z");
  assert.equal(formatRelative("2026-11-21T11:57:00Z", now), "3 min ago");
  assert.equal(formatRelative("2026-11-21T14:00:00Z", now), "in 2 h");
  assert.equal(formatRelative(null, now), "-");
});
