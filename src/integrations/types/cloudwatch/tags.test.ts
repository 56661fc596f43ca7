import assert from "node:assert/strict";
import { test } from "node:test";
import { parseExpression, selectionOf, toPointTags } from "./tags.ts";

test("an expression is pairs, split at the first sign of equality, blanks around them trimmed", () => {
  assert.deepEqual(parseExpression(" k1=v1 , k1 = v2,k3=a=b ,, nonsense, =x"), [
    ["k1", "v1"],
    ["k1", "v2"],
    ["k3", "a=b"],
  ]);
});

test("any pair of map or expression selects; none at all is no selection", () => {
  const wants = selectionOf({ env: "prod" }, "env=test, team=core");
  assert.ok(wants?.({ env: "prod" }) && wants({ env: "test" }) && wants({ team: "core", env: "x" }));
  assert.ok(!wants?.({ env: "dev" }) && !wants?.({}));
  assert.equal(selectionOf({}, ""), undefined);
});

test("point tags are trimmed or dropped, never a reason to refuse", () => {
  assert.deepEqual(toPointTags({ "aws:cloudformation/stack": "web", empty: " ", ok: "x" }), {
    aws_cloudformation_stack: "web",
    ok: "x",
  });
  const [[key, value]] = Object.entries(toPointTags({ ["k".repeat(200)]: "v".repeat(300) })) as [
    [string, string],
  ];
  assert.ok(key.length + value.length <= 254);
});
