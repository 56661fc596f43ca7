import assert from "node:assert/strict";
import { test } from "node:test";
import { hostNameOf, parseExpression, selectionOf } from "./tags.ts";

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

test("an instance is called by the first tag it has, in the order of the names and any case of the keys", () => {
  assert.equal(hostNameOf({ Name: "web", Host: "web-1.local" }), "web-1.local");
  assert.equal(hostNameOf({ Name: "web", hostname: " " }), "web");
  assert.equal(hostNameOf({ Name: "web", fqdn: "web-1.example" }, ["FQDN", "name"]), "web-1.example");
  assert.equal(hostNameOf({ team: "core" }), undefined);
});
