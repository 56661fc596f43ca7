import assert from "node:assert/strict";
import { test } from "node:test";
import { createLog } from "./log.ts";
import { readableLine } from "./readable-line.ts";

test("a line shows time, level, message and plain fields, and why something failed", () => {
  const lines: string[] = [];
  const log = createLog({ level: "info", write: (line) => lines.push(readableLine(line)) });
  log.warn("A run failed.", {
    integration: "two words",
    points: 3,
    calls: { a: 1 },
    error: new Error("outer", { cause: new Error("inner") }),
  });
  assert.match(
    lines[0] ?? "",
    /^\d\d:\d\d:\d\d warn {2}A run failed\. {2}integration="two words" {2}points=3\n {4}Error: outer\n {4}Error: inner\n$/,
  );
});

test("nothing that a terminal would obey gets through", () => {
  const hostile = "\u001b[2J\u009b31m\u202e";
  const lines: string[] = [];
  const log = createLog({ level: "info", write: (line) => lines.push(readableLine(line)) });
  log.info(hostile, { name: hostile, error: new Error(hostile) });
  assert.equal(/[\u001b\u009b\u202e]/.test(lines.join("")), false, lines.join(""));
});

test("what is no JSON is passed on", () => {
  assert.equal(readableLine("plain\n"), "plain\n");
});
