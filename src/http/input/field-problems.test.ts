import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { AppError } from "../../base/index.ts";
import { type FieldProblem, unsavedCredential } from "../../contract/index.ts";
import { checkInput } from "./field-problems.ts";

function problemsOf(schema: z.ZodType, value: unknown): readonly FieldProblem[] {
  try {
    checkInput(schema, value, "body");
  } catch (error) {
    assert.ok(error instanceof AppError && error.code === "validation_failed");
    return error.fields;
  }
  return assert.fail("accepted");
}

test("each problem names its field", () => {
  const schema = z.strictObject({ a: z.array(z.object({ b: z.string() })), c: z.number() });
  assert.deepEqual(
    problemsOf(schema, { a: [{ b: 1 }], c: "x", d: 1 }).map(({ path }) => path),
    ["a.0.b", "c", "body"],
  );
});

test("no body at all is one plain problem", () => {
  assert.deepEqual(problemsOf(z.object({ a: z.string() }), null), [
    { path: "body", message: "A JSON object is needed." },
  ]);
});

test("of a choice of forms, the one that was meant is talked about", () => {
  const created = problemsOf(unsavedCredential, { name: "n", method: "keys", region: "nowhere" });
  assert.deepEqual(created, [{ path: "region", message: "Not an AWS region name, such as us-east-1." }]);
  const id = "11111111-1111-4111-8111-111111111111";
  assert.deepEqual(
    problemsOf(unsavedCredential, { id, version: 1, region: "nowhere" }).map(({ path }) => path),
    ["region"],
  );
});

test("neither the number nor the length of problems is the caller's to choose", () => {
  const problems = problemsOf(z.record(z.string(), z.number()), {
    ...Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, "x"])),
    ["y".repeat(10_000)]: "x",
  });
  assert.equal(problems.length, 50);
  const [long] = problemsOf(z.record(z.string(), z.number()), { ["y".repeat(10_000)]: "x" });
  assert.ok(long && long.path.length <= 201);
});

// People paste a secret where a name belongs; errors are logged and shown.
test("a secret that was sent as the name of a field is not repeated", () => {
  const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
  const other = "b94d27b9934d3e08a52e52d7da7dabfa";
  const sent: [schema: z.ZodType, value: unknown][] = [
    [z.strictObject({}), { [secret]: 1, extra: 1 }],
    [z.strictObject({}), { [secret]: 1, [other]: 1 }],
    [z.record(z.string(), z.number()), { [secret]: "x" }],
    [z.object({ tags: z.record(z.string(), z.object({ a: z.string() })) }), { tags: { [secret]: { a: 1 } } }],
    [unsavedCredential, { name: "n", method: "keys", region: "us-east-1", [secret]: 1 }],
  ];
  for (const [schema, value] of sent) {
    const text = JSON.stringify(problemsOf(schema, value));
    assert.ok(!text.includes("wJalr") && !text.includes("b94d"), text);
  }
  assert.deepEqual(
    [0, 1].map((index) => problemsOf(...sent[index]!)[0]?.message),
    ["Not known here: extra, (a name of 40 characters).", "Not known here: 2 names that are not shown."],
  );
});
