import assert from "node:assert/strict";
import { test } from "node:test";
import { logGroupName, logStreamName } from "../../../../src/contract/index.ts";
import { groupNameProblem, streamNameProblem } from "./names.ts";

const names = [
  "",
  "a",
  "/aws/x",
  "aws/x",
  "a b",
  "a:b",
  "a*b",
  "ü",
  "a".repeat(512),
  "a".repeat(513),
  "A-1_2.3/4#5",
];

test("the form says what the contract would say", () => {
  for (const name of names) {
    for (const [schema, problemOf] of [
      [logGroupName, groupNameProblem],
      [logStreamName, streamNameProblem],
    ] as const) {
      const said = schema.safeParse(name).error?.issues.map(({ message }) => message) ?? [];
      const problem = problemOf(name);
      if (problem === null) assert.deepEqual(said, [], name);
      else assert.ok(said.includes(problem), `${name}: ${problem}`);
    }
  }
});
