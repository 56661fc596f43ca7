import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createRanges, type JsonNode, readJson } from "./json.ts";
import { PolicyProblem } from "./problem.ts";

test("reads what JSON.parse reads", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), (text) => {
      const expected: unknown = JSON.parse(text);
      assert.deepEqual(plain(readJson(text)), expected);
      assert.deepEqual(plain(readJson(JSON.stringify(expected, undefined, "\t"))), expected);
    }),
  );
});

test("refuses what JSON.parse refuses, always as a PolicyProblem", () => {
  const pieces = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"a"',
    '"',
    "\\",
    "1",
    "-",
    "0",
    ".",
    "e",
    "true",
    "null",
    " ",
    "\n",
    "x",
  ];
  const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 10 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(texts, (text) => {
      let isJson = true;
      try {
        JSON.parse(text);
      } catch {
        isJson = false;
      }
      try {
        readJson(text);
        assert.ok(isJson, `${text} is no JSON`);
      } catch (error) {
        assert.ok(error instanceof PolicyProblem, String(error));
        assert.ok(!isJson || /occurs twice/.test(error.message), error.message);
      }
    }),
    { numRuns: 5000 },
  );
});

test("says where it broke", () => {
  const problemOf = (text: string): string => {
    try {
      readJson(text);
    } catch (error) {
      return (error as Error).message;
    }
    return assert.fail("accepted");
  };
  const cases: [string, string][] = [
    ["", "Line 1, column 1: expected a value"],
    ['{\n  "a" 1}', "Line 2, column 7: expected :"],
    ['{"a":1,"a":2}', "Line 1, column 11: the member a occurs twice"],
    ['{"a":1,"\\u0061":2}', "Line 1, column 16: the member a occurs twice"],
    ['{"a":1} x', "Line 1, column 9: the text goes on behind its end"],
    ['"abc', "Line 1, column 5: the text ends inside a string"],
    ['"a\tb"', "Line 1, column 1: a string with a character or an escape that JSON does not allow"],
    ["[01]", "Line 1, column 2: expected a value"],
    ["[1,]", "Line 1, column 4: expected a value"],
  ];
  for (const [text, expected] of cases) assert.equal(problemOf(text), `Syntax errors in policy. ${expected}`);
});

test("a member named __proto__ is a member", () => {
  const node = readJson('{"__proto__":{"x":1}}');
  assert.deepEqual(node.kind === "object" && [...node.members.keys()], ["__proto__"]);
});

test("deep nesting is refused before it can exhaust the stack", () => {
  for (const bracket of ["[", '{"a":']) assert.throws(() => readJson(bracket.repeat(100_000)), PolicyProblem);
});

test("a range counts lines and columns from 1 and ends behind the value", () => {
  const text = '{\n  "a": {"b": 1}\n}';
  const root = readJson(text);
  const inner = root.kind === "object" ? root.members.get("a") : undefined;
  assert.ok(inner);
  assert.deepEqual(createRanges(text)(inner), {
    start: { line: 2, column: 8 },
    end: { line: 2, column: 16 },
  });
  assert.deepEqual(createRanges(text)(root), { start: { line: 1, column: 1 }, end: { line: 3, column: 2 } });
});

function plain(node: JsonNode): unknown {
  switch (node.kind) {
    case "object":
      return Object.fromEntries([...node.members].map(([name, member]) => [name, plain(member)]));
    case "array":
      return node.items.map(plain);
    case "null":
      return null;
    case "string":
      return node.text;
    default:
      return JSON.parse(node.text);
  }
}
