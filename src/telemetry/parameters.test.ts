import assert from "node:assert/strict";
import { test } from "node:test";
import { parameterStatements, parameterText, quoteText } from "./parameters.ts";

test("a quote or a backslash cannot end the literal", () => {
  assert.equal(quoteText(`a'b\\`), `'a\\'b\\\\'`);
  assert.equal(
    parameterStatements({ a: `'; DROP TABLE x; --\\` }),
    `SET param_a = '\\\\\\'; DROP TABLE x; --\\\\\\\\'; `,
  );
});

test("values take the form of ClickHouse's text parameters", () => {
  assert.equal(parameterText("tab\tline\nnul\0"), "tab\\tline\\nnul\\0");
  assert.equal(parameterText(12.5), "12.5");
  assert.equal(parameterText(true), "1");
  assert.equal(parameterText(["a'b", "c"]), "['a\\'b','c']");
  assert.equal(parameterText([1, 2]), "[1,2]");
});

test("what has no text form, and what is no name, is refused", () => {
  for (const value of [undefined, null, Number.NaN, {}, Symbol("x")]) {
    assert.throws(() => parameterText(value), TypeError);
  }
  assert.throws(() => parameterStatements({ "a = 1; --": "x" }), TypeError);
});
