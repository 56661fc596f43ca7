import assert from "node:assert/strict";
import { test } from "node:test";
import { fileNameOf, toNdjson, toText } from "./export-events.ts";

const event = {
  id: "1",
  timestamp: "2026-01-01T00:00:00.000Z",
  timestampMs: 1,
  ingestionTime: "2026-01-01T00:00:01.000Z",
  stream: "web 1",
  message: 'two\nlines "quoted"',
};

test("each line of ND-JSON is one event, whatever is in its message", () => {
  const lines = toNdjson([event, event]).trimEnd().split("\n");
  assert.equal(lines.length, 2);
  assert.equal(JSON.parse(lines[0] ?? "").message, event.message);
});

test("text holds the messages as they are", () => {
  assert.equal(toText([event]), `2026-01-01T00:00:00.000Z web 1 ${event.message}\n`);
});

test("file names hold no slashes", () => {
  assert.equal(fileNameOf("/aws/../app", "txt"), "aws-..-app.txt");
  assert.equal(fileNameOf("///", "ndjson"), "logs.ndjson");
});
