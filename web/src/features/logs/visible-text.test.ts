import assert from "node:assert/strict";
import { test } from "node:test";
import { onOneLine, piecesOf, visibleText } from "./visible-text.ts";

test("what cannot be seen becomes an escape", () => {
  assert.equal(visibleText("a\u0000b\u001b[31mred\u007f"), "a\\x00b\\x1b[31mred\\x7f");
});

test("text cannot be turned around or made to look like other text", () => {
  assert.equal(visibleText("user\u202enimda\u200b\ufeff"), "user\\u202enimda\\u200b\\ufeff");
});

test("line breaks, tabs, letters of all scripts and markup stay as they are", () => {
  const text = "a\n\tb <b>ü</b> 漢字 👩";
  assert.equal(visibleText(text), text);
});

test("marks are found between escapes, and are no expressions", () => {
  assert.deepEqual(piecesOf("a.b\u0000axb", ["a.b"]), [
    { text: "a.b", kind: "mark" },
    { text: "\\x00", kind: "escape" },
    { text: "axb", kind: "plain" },
  ]);
});

test("a text of several lines fits on one", () => {
  assert.equal(onOneLine("a\r\nb\nc\td"), "a↵b↵c d");
});
