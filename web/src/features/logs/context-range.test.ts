import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogEvent } from "@nephoscope/contract";
import { contextRange } from "./context-range.ts";

const at = 1_795_000_000_000;
const event = (timestampMs: number): LogEvent => ({
  id: String(timestampMs),
  timestamp: "",
  timestampMs,
  ingestionTime: "",
  stream: "s",
  message: "m",
});

test("the range holds all that was found before and after, the end being exclusive", () => {
  const before = [event(at - 20), event(at - 9_000)];
  const after = [event(at + 10), event(at + 4_000)];
  assert.deepEqual(contextRange(at, before, after), { from: at - 9_000, to: at + 4_001 });
});

test("an event that stands alone has a second to each side, and none before time began", () => {
  assert.deepEqual(contextRange(at, [], []), { from: at - 1000, to: at + 1001 });
  assert.deepEqual(contextRange(5, [], []), { from: 0, to: 1006 });
});
