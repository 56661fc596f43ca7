import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { conditionOf, literalsOf, placeOfProblem, withCondition } from "./pattern.ts";

describe("a condition", () => {
  const level = ["level"];
  test("compares with the value as it was sent", () => {
    assert.equal(
      conditionOf(level, { kind: "string", text: 'a "b" \\' }, "for"),
      '$.level = "a \\"b\\" \\\\"',
    );
    assert.equal(conditionOf(level, { kind: "string", text: "" }, "out"), '$.level != ""');
    assert.equal(conditionOf(level, { kind: "number", text: "1e3" }, "for"), "$.level = 1e3");
    assert.equal(conditionOf(level, { kind: "null", text: "null" }, "for"), "$.level IS NULL");
  });

  test("leaves out what a boolean is, and keeps what lacks it", () => {
    assert.equal(conditionOf(level, { kind: "boolean", text: "true" }, "for"), "$.level IS TRUE");
    assert.equal(
      conditionOf(level, { kind: "boolean", text: "true" }, "out"),
      "($.level IS FALSE || $.level NOT EXISTS)",
    );
  });

  test("is not made where the language has no words", () => {
    assert.equal(conditionOf(level, { kind: "null", text: "null" }, "out"), undefined);
    assert.equal(conditionOf([0, "a"], { kind: "string", text: "x" }, "for"), undefined);
  });
});

describe("a pattern with one more condition", () => {
  const add = (pattern: string) => withCondition(pattern, "$.b = 2");

  test("begins with it where there was none", () => {
    for (const empty of ["", "  ", '""', "{ }"])
      assert.deepEqual(add(empty), { pattern: "{ $.b = 2 }", replaced: false });
  });

  test("keeps what was asked before", () => {
    assert.equal(add("{ $.a = 1 }").pattern, "{ $.a = 1 && $.b = 2 }");
    assert.equal(add("{$.a = 1 || $.c = 3}").pattern, "{ ($.a = 1 || $.c = 3) && $.b = 2 }");
    assert.equal(
      add("{ ($.a = 1 || $.c = 3) && $.d = 4 }").pattern,
      "{ ($.a = 1 || $.c = 3) && $.d = 4 && $.b = 2 }",
    );
  });

  test("is not misled by quotes", () => {
    assert.equal(add('{ $.a = "x || y (" }').pattern, '{ $.a = "x || y (" && $.b = 2 }');
    assert.equal(add("{ $.a = %x||y% }").pattern, "{ $.a = %x||y% && $.b = 2 }");
  });

  test("is the same when the condition is there already", () => {
    assert.equal(add("{ $.b = 2 && $.a = 1 }").pattern, "{ $.b = 2 && $.a = 1 }");
    assert.equal(add('{ $.a = "&& $.b = 2" }').pattern, '{ $.a = "&& $.b = 2" && $.b = 2 }');
  });

  test("says when it replaced a pattern of plain text", () => {
    assert.deepEqual(add("ERROR"), { pattern: "{ $.b = 2 }", replaced: true });
    assert.deepEqual(add("[a, b]"), { pattern: "{ $.b = 2 }", replaced: true });
  });
});

test("texts to mark are those that matches hold", () => {
  assert.deepEqual(literalsOf('ERROR "connection \\"x\\" lost" -DEBUG ?retry %a.b% -"y z"'), [
    "ERROR",
    'connection "x" lost',
    "retry",
  ]);
  assert.deepEqual(literalsOf('{ $.a = "ERROR" }'), []);
  assert.deepEqual(literalsOf(""), []);
});

test("the place of a problem is read from its path", () => {
  assert.equal(placeOfProblem([{ path: "group" }, { path: "pattern.12" }]), 12);
  assert.equal(placeOfProblem([{ path: "pattern" }]), undefined);
});
