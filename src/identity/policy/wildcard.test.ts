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

test("a literal star or question mark is a character", () => {
  assert.equal(matchesWildcard("a*", "ab", new Set([1])), false);
  assert.equal(matchesWildcard("a*", "a*", new Set([1])), true);
  assert.equal(matchesWildcard("a**", "a*b", new Set([1])), true);
  assert.equal(matchesWildcard("a*", "a", new Set([1])), false);
});

/** The definition itself, which takes exponential time. */
function matchesSlowly(pattern: string, text: string, literals: ReadonlySet<number>, at = 0): boolean {
  if (at === pattern.length) return text === "";
  const character = literals.has(at) ? undefined : pattern[at];
  const next = (rest: string) => matchesSlowly(pattern, rest, literals, at + 1);
  if (character === "*") {
    return next(text) || (text !== "" && matchesSlowly(pattern, text.slice(1), literals, at));
  }
  return text !== "" && (character === "?" || pattern[at] === text[0]) && next(text.slice(1));
}

test("equals a slow definition", () => {
  const letters = (alphabet: string, maxLength: number) =>
    fc.string({ unit: fc.constantFrom(...alphabet), maxLength });
  const positions = fc.uniqueArray(fc.integer({ min: 0, max: 7 })).map((items) => new Set(items));
  fc.assert(
    fc.property(letters("ab*?", 8), letters("ab*?", 8), positions, (pattern, text, literals) => {
      assert.equal(matchesWildcard(pattern, text, literals), matchesSlowly(pattern, text, literals));
    }),
    { numRuns: 3000 },
  );
});

// The same pattern as a regular expression runs for minutes. The first run of a function is the slowest, so the best counts.
test("a hostile pattern costs next to nothing", () => {
  const pattern = `${"*a".repeat(100)}*b`;
  const text = "a".repeat(2048);
  const times = Array.from({ length: 10 }, () => {
    const started = performance.now();
    assert.equal(matchesWildcard(pattern, text), false);
    return performance.now() - started;
  });
  assert.ok(Math.min(...times) < 5, `took ${times.map((time) => time.toFixed(1)).join(", ")} ms`);
});
