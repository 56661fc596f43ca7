import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { matchesWildcard } from "./wildcard.ts";

test("star is any run, question mark one character", () => {
  const cases: [string, string, boolean][] = [
    ["*", "", true],
    ["*", "anything", true],
    ["", "", true],
    ["", "a", false],
    ["integrations:*", "integrations:Create", true],
    ["integrations:*", "credentials:Create", false],
    ["*:Create", "integrations:Create", true],
    ["*:List", "credentials:ListAll", false],
    ["credentials:Te?t", "credentials:Test", true],
    ["a*b*c", "a-b-b-c", true],
    ["a?", "a", false],
    ["a**", "a", true],
    [".*", "abc", false],
  ];
  for (const [pattern, text, expected] of cases) {
    assert.equal(matchesWildcard(pattern, text), expected, `${pattern} against ${text}`);
  }
});

test("equals a slow definition", () => {
  const slow = (pattern: string, text: string): boolean => {
    if (pattern === "") return text === "";
    const rest = pattern.slice(1);
    if (pattern[0] === "*") return slow(rest, text) || (text !== "" && slow(pattern, text.slice(1)));
    return text !== "" && (pattern[0] === "?" || pattern[0] === text[0]) && slow(rest, text.slice(1));
  };
  const letters = (alphabet: string, maxLength: number) =>
    fc.string({ unit: fc.constantFrom(...alphabet), maxLength });
  fc.assert(
    fc.property(letters("ab*?", 8), letters("ab", 8), (pattern, text) => {
      assert.equal(matchesWildcard(pattern, text), slow(pattern, text));
    }),
    { numRuns: 2000 },
  );
});

// The same pattern as a regular expression runs for minutes.
test("a hostile pattern costs next to nothing", () => {
  const started = performance.now();
  assert.equal(matchesWildcard(`${"*a".repeat(100)}*b`, "a".repeat(2048)), false);
  assert.ok(performance.now() - started < 50);
});
