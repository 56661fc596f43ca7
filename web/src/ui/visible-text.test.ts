import assert from "node:assert/strict";
import { test } from "node:test";
import { onOneLine, piecesOf } from "./visible-text.ts";

const visibleText = (text: string) =>
  piecesOf(text)
    .map((piece) => piece.text)
    .join("");

test("what cannot be seen becomes an escape", () => {
  assert.equal(visibleText("a\u0000b\u001b]red\u007f"), "a\\x00b\\x1b]red\\x7f");
});

test("text cannot be turned around or made to look like other text", () => {
  assert.equal(visibleText("user\u202enimda\u200b\ufeff"), "user\\u202enimda\\u200b\\ufeff");
});

test("line breaks, tabs, letters of all scripts and markup stay as they are", () => {
  const text = "a\n\tb <b>ü</b> 漢字 👩";
  assert.equal(visibleText(text), text);
});

test("joiners stay where emoji and Persian are written with them, and nowhere else", () => {
  const written = "👩‍👩‍👧 می\u200cخواهم";
  assert.equal(visibleText(written), written);
  assert.equal(visibleText("pass\u200cword\u200d👩\u200d"), "pass\\u200cword\\u200d👩\\u200d");
});

test("codes of a terminal colour what follows them, other escapes are shown", () => {
  assert.deepEqual(piecesOf("\u001b[31mno\u001b[2J", ["no"]), [
    { text: "no", kind: "mark", look: { colour: "red" } },
    { text: "\\x1b", kind: "escape", look: { colour: "red" } },
    { text: "[2J", kind: "plain", look: { colour: "red" } },
  ]);
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
