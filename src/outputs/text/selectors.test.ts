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

  test("may list many ids, and no more than that", () => {
    const ids = (count: number) =>
      Array.from({ length: count }, (_, index) => `i-${String(index).padEnd(17, "0")}`).join("|");
    assert.equal(readSelectors([`{dimension_InstanceId=~"${ids(80)}"}`])(labels), false);
    for (const texts of [
      [`{dimension_InstanceId=~"${ids(180)}"}`],
      ['{region!~"(a?){1000}b"}'],
      new Array(20).fill('{region!~"(a?){100}b"}'),
    ]) {
      assert.throws(() => readSelectors(texts), { code: "validation_failed" });
    }
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
