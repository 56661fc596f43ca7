import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonTreeOf, selectorOf, summaryOf } from "./json-tree.ts";

test("numbers keep all their digits", () => {
  const tree = jsonTreeOf('{"nano":1760000000123456789,"big":1e400,"zero":-0.10}');
  assert.deepEqual(
    tree?.children.map(({ node }) => node),
    [
      { kind: "number", text: "1760000000123456789" },
      { kind: "number", text: "1e400" },
      { kind: "number", text: "-0.10" },
    ],
  );
});

test("every kind of value has its place in the tree", () => {
  assert.deepEqual(jsonTreeOf(' {"a":[null,true,"x"],"b":{}}'), {
    kind: "object",
    children: [
      {
        name: "a",
        node: {
          kind: "array",
          children: [
            { name: 0, node: { kind: "null", text: "null" } },
            { name: 1, node: { kind: "boolean", text: "true" } },
            { name: 2, node: { kind: "string", text: "x" } },
          ],
        },
      },
      { name: "b", node: { kind: "object", children: [] } },
    ],
  });
});

test("what is no object or array, is broken or is huge has no tree", () => {
  for (const message of ["", "5", '"text"', "plain text", "{broken", "[1] and more"])
    assert.equal(jsonTreeOf(message), undefined, message);
  assert.equal(jsonTreeOf(`["${"x".repeat(300_000)}"]`), undefined);
});

test("a property named __proto__ is a property", () => {
  const tree = jsonTreeOf('{"__proto__":{"x":1}}');
  assert.deepEqual(tree?.children[0]?.name, "__proto__");
});

test("a closed branch says how much is in it", () => {
  const summary = (message: string) => summaryOf(jsonTreeOf(message) ?? { kind: "array", children: [] });
  assert.equal(summary("[1]"), "[ 1 item ]");
  assert.equal(summary("[1,2]"), "[ 2 items ]");
  assert.equal(summary("{}"), "{}");
  assert.equal(summary('{"a":1,"b":2}'), "{ 2 properties }");
});

test("a selector names properties, positions and odd names", () => {
  assert.equal(selectorOf(["a", "b", 0, "c"]), "$.a.b[0].c");
  assert.equal(selectorOf(["http.status", "it's"]), "$.['http.status'].['it\\'s']");
  assert.equal(selectorOf(["sévérité", "x-y"]), "$.sévérité.x-y");
});
