import assert from "node:assert/strict";
import { test } from "node:test";
import { terminalRuns } from "./terminal-look.ts";

const plain = (text: string) => ({ text, look: undefined });

test("colours and bold last until they are taken back", () => {
  assert.deepEqual(terminalRuns("\u001b[32mINFO\u001b[0m started \u001b[1;91mnow\u001b[22m!\u001b[m"), [
    { text: "INFO", look: { colour: "green" } },
    plain(" started "),
    { text: "now", look: { colour: "red", bold: true } },
    { text: "!", look: { colour: "red" } },
  ]);
});

test("what is not known changes nothing, and the numbers of a palette are no codes", () => {
  assert.deepEqual(terminalRuns("\u001b[44ma\u001b[38;5;31mb\u001b[38;2;1;31;32;33mc"), [
    plain("a"),
    plain("b"),
    { text: "c", look: { colour: "yellow" } },
  ]);
});

test("a text without codes is one run", () => {
  assert.deepEqual(terminalRuns("[31m"), [plain("[31m")]);
});
