import assert from "node:assert/strict";
import { test } from "node:test";
import { logGroupSearchOf, logGroupsSearchOf, logsSearchOf } from "./search.ts";

test("an address that the explorer wrote is read as it is", () => {
  const search = {
    group: "/demo/app",
    streams: ["web-1"],
    pattern: '{ $.level = "error" }',
    from: 1,
    to: 2,
    order: "asc",
    live: true,
  };
  assert.deepEqual(logsSearchOf(search), search);
});

test("what does not fit is left out", () => {
  const search = { group: "", streams: "web-1", range: "1y", from: 2, to: 1, order: "desc", live: "yes" };
  assert.deepEqual(logsSearchOf(search), {});
  assert.deepEqual(logsSearchOf({ from: 1.5, to: Number.NaN, streams: [null, ""] }), {});
  assert.deepEqual(logGroupsSearchOf({ sort: "colour", page: "-1", text: "" }), {});
  assert.deepEqual(logGroupSearchOf({ tab: "streams", name: "" }), {});
});

test("names and patterns that look like numbers stay texts", () => {
  assert.deepEqual(logsSearchOf({ group: 42, pattern: 500, streams: [7] }), {
    group: "42",
    pattern: "500",
    streams: ["7"],
  });
});
