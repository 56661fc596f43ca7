import assert from "node:assert/strict";
import { test } from "node:test";
import { levelOf } from "./level.ts";

test("levels are found where senders write them", () => {
  assert.equal(levelOf('{"time":1,"level":"warn","message":"x"}'), "warning");
  assert.equal(levelOf('{"severityText":"ERROR"}'), "error");
  assert.equal(levelOf("ts=1 level=debug msg=x"), "debug");
  assert.equal(levelOf("2026-11-21T09:00:00Z INFO started"), "info");
  assert.equal(levelOf("CRITICAL disk full"), "fatal");
  assert.equal(levelOf("\u001b[31mERROR\u001b[0m disk full"), "error");
});

test("a word in the middle of a message is no level", () => {
  assert.equal(levelOf('{"message":"no ERROR here"}'), undefined);
  assert.equal(levelOf("an error of judgement"), undefined);
  assert.equal(levelOf(`${"x ".repeat(100)}ERROR`), undefined);
});
