import assert from "node:assert/strict";
import { test } from "node:test";
import { AppError } from "../base/index.ts";
import { compilePattern } from "./patterns.ts";

test("an expression is held against the whole text, in any case", () => {
  const pattern = compilePattern("^aws.(sqs|ec2|ebs|elb).*$", "metricFilterRegex");
  assert.ok(pattern.matches("aws.ec2.cpuutilization"));
  assert.ok(pattern.matches("AWS.EC2.CPUUtilization"));
  assert.ok(!pattern.matches("my.aws.ec2.cpuutilization"));
  assert.ok(!compilePattern("ec2", "f").matches("aws.ec2"), "a part is not the whole");
});

test("the whole list of the vendor's own example compiles and matches", () => {
  const pattern = compilePattern("^(aws.(ecs|ec2.cpuutilization|ec2.network|route53.health|lambda).*)", "f");
  assert.ok(pattern.matches("aws.ec2.cpuutilization"));
  assert.ok(!pattern.matches("aws.rds.cpuutilization"));
});

test("no expression means everything", () => {
  assert.ok(compilePattern("", "f").matches("anything"));
});

for (const bad of ["^aws.(ecs|rds).*)$", "(?=look)ahead", "(a)\\1", "[", "a{2000}"]) {
  test(`${bad} is refused with the field's name and without itself`, () => {
    assert.throws(
      () => compilePattern(bad, "cloudWatch.metricFilterRegex"),
      (error: unknown) => {
        assert.ok(error instanceof AppError);
        assert.equal(error.code, "pattern_invalid");
        assert.equal(error.fields[0]?.path, "cloudWatch.metricFilterRegex");
        assert.ok(error.message.startsWith("cloudWatch.metricFilterRegex"));
        return true;
      },
    );
  });
}

test("an expression that would backtrack for ever elsewhere answers at once", () => {
  const started = performance.now();
  assert.ok(!compilePattern("(a+)+$", "f").matches(`${"a".repeat(20_000)}!`));
  assert.ok(performance.now() - started < 2_000);
});
