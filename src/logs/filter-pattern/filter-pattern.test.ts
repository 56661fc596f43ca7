import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { filterCondition } from "./filter-condition.ts";
import { matches } from "./matches.ts";
import { parseFilterPattern } from "./parse.ts";
import { FilterPatternProblem } from "./pattern.ts";
import { patternCases } from "./testing/pattern-cases.ts";
import { refusedPatterns } from "./testing/refused-patterns.ts";

describe("filter patterns", () => {
  for (const { pattern, yes, no } of patternCases) {
    test(`${JSON.stringify(pattern)} selects what CloudWatch Logs selects`, () => {
      const parsed = parseFilterPattern(pattern);
      const verdict = (message: string) => `${matches(parsed, message)} ${message}`;
      assert.deepEqual([...yes, ...no].map(verdict), [
        ...yes.map((message) => `true ${message}`),
        ...no.map((message) => `false ${message}`),
      ]);
    });
  }

  for (const [pattern, position] of refusedPatterns) {
    test(`${JSON.stringify(pattern.slice(0, 60))} is refused at character ${position}`, () => {
      assert.throws(
        () => parseFilterPattern(pattern),
        (error) => {
          assert.ok(error instanceof FilterPatternProblem, String(error));
          assert.equal(error.position, position, error.message);
          assert.match(error.message, /^[^\n]+\.$/s);
          assert.match(error.awsMessage, /^Invalid (filter pattern|character\(s\) in term '.+')$/s);
          return true;
        },
      );
    });
  }

  test("a term that must be quoted is named as AWS names it", () => {
    assert.throws(() => parseFilterPattern("ERROR hello-world"), {
      awsMessage: "Invalid character(s) in term 'hello-world'",
      position: 7,
    });
  });

  test("what a user writes never becomes part of a statement", () => {
    for (const { pattern } of patternCases) {
      const { condition, parameters } = filterCondition(parseFilterPattern(pattern));
      for (const value of Object.values(parameters)) {
        if (/[a-z]{4}/i.test(value)) assert.ok(!condition.includes(value), `${value} is in ${condition}`);
      }
    }
  });

  test("a message made to cost much costs little", () => {
    const pattern = parseFilterPattern("[..., a = x]");
    const began = process.cpuUsage();
    matches(pattern, "[ ".repeat(8_000));
    matches(pattern, '" '.repeat(500_000));
    matches(parseFilterPattern("{ $.a NOT EXISTS }"), '{"a":'.repeat(200_000));
    matches(parseFilterPattern("%^[a-z]*a{30}a*a*a*$%"), "a".repeat(100_000));
    assert.ok(process.cpuUsage(began).user < 5_000_000);
  });
});
