import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readSelectors } from "./selectors.ts";

const labels = new Map([
  ["__name__", "aws_ec2_cpuutilization_average"],
  ["region", "eu-west-1"],
  ["tag_Name", 'a "b" \\ c'],
]);

describe("a selector", () => {
  const cases: readonly [text: string, matches: boolean][] = [
    ["aws_ec2_cpuutilization_average", true],
    ["aws_ec2", false],
    ['{region="eu-west-1"}', true],
    ['aws_ec2_cpuutilization_average{region="us-east-1"}', false],
    ['{__name__=~"aws_ec2_.*", region!="us-east-1",}', true],
    ['{region=~"eu"}', false],
    ['{region!~"us-.*"}', true],
    ["{tag_Name='a \"b\" \\\\ c'}", true],
    ['{nothing=""}', true],
    ['{nothing!=""}', false],
  ];
  for (const [text, matches] of cases) {
    test(`${text} ${matches ? "selects" : "leaves out"} the series`, () => {
      assert.equal(readSelectors([text])(labels), matches);
    });
  }

  test("selects when any of several does, and everything when there is none", () => {
    assert.equal(readSelectors(["other", '{region="eu-west-1"}'])(labels), true);
    assert.equal(readSelectors([])(labels), true);
  });

  for (const text of [
    "",
    "{}",
    "{region}",
    '{region="a"',
    '{region="a"} x',
    '{region=~"("}',
    "1a",
    '{a="b" c="d"}',
  ]) {
    test(`${text || "(empty)"} is refused`, () => {
      assert.throws(() => readSelectors([text]), { code: "validation_failed" });
    });
  }
});
