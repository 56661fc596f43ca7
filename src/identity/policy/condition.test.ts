import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compilePolicy } from "./compile.ts";
import { decide } from "./decide.ts";
import { parsePolicyDocument, readPolicyDocument } from "./parse-document.ts";

/** AWS's manual in its own words, one value at a time: what a set operator says, in terms of an operator on one value. */
function holdsSlowly(
  operator: "StringEquals" | "StringNotEquals",
  quantifier: "ForAllValues" | "ForAnyValue",
  actual: readonly string[] | undefined,
  expected: readonly string[],
): boolean {
  if (!actual || actual.length === 0) return quantifier === "ForAllValues";
  let count = 0;
  for (const value of actual) {
    const isListed = expected.includes(value);
    if (operator === "StringEquals" ? isListed : !isListed) count++;
  }
  return quantifier === "ForAllValues" ? count === actual.length : count > 0;
}

test("set operators equal their definition", () => {
  const values = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 4 });
  fc.assert(
    fc.property(
      fc.constantFrom("StringEquals", "StringNotEquals"),
      fc.constantFrom("ForAllValues", "ForAnyValue"),
      fc.option(values, { nil: undefined }),
      values,
      (operator, quantifier, actual, expected) => {
        const holds = evaluate({ [`${quantifier}:${operator}`]: { "aws:TagKeys": expected } }, actual);
        assert.equal(holds, holdsSlowly(operator, quantifier, actual, expected));
      },
    ),
    { numRuns: 2000 },
  );
});

test("an operator and its Not are never both true, and both false only where a value is not of the type", () => {
  const pairs = [
    ["StringEquals", "StringNotEquals"],
    ["StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"],
    ["StringLike", "StringNotLike"],
    ["ArnLike", "ArnNotLike"],
    ["NumericEquals", "NumericNotEquals"],
    ["IpAddress", "NotIpAddress"],
  ] as const;
  const texts = fc.constantFrom(
    "a",
    "A",
    "a*",
    "1",
    "01",
    "2020",
    "10.0.0.1",
    "::1",
    "arn:aws:iam::1:user/a",
    "",
  );
  fc.assert(
    fc.property(fc.constantFrom(...pairs), texts, texts, ([positive, negative], actual, expected) => {
      const holds = (operator: string) => evaluate({ [operator]: { "aws:TagKeys": [expected] } }, [actual]);
      const typed = /^(Numeric|Ip)/.test(positive);
      assert.ok(!(holds(positive) && holds(negative)));
      if (!typed) assert.ok(holds(positive) || holds(negative));
    }),
    { numRuns: 2000 },
  );
});

// The value of a variable is the caller's; were its wildcards to count, a user could choose a name that opens everything.
test("whatever a variable holds, it matches itself alone", () => {
  const texts = fc.string({ unit: fc.constantFrom("a", "b", "*", "?", "$", "{", "}"), maxLength: 6 });
  fc.assert(
    fc.property(texts, texts, (name, other) => {
      const policy = compilePolicy({
        name: "own",
        document: parsePolicyDocument(
          JSON.stringify({
            Version: "2012-10-17",
            Statement: {
              Effect: "Allow",
              Action: "*",
              // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM's language.
              Resource: "arn:aws:iam::*:user/${aws:username}",
            },
          }),
        ),
      });
      const ask = (user: string) =>
        decide([policy], {
          action: "iam:GetUser",
          resource: `arn:aws:iam::123456789012:user/${user}`,
          context: new Map([["aws:username", name]]),
        }).outcome;
      assert.equal(ask(name), "allow");
      if (other !== name) assert.equal(ask(other), "implicit-deny");
    }),
    { numRuns: 2000 },
  );
});

function evaluate(condition: object, actual: readonly string[] | undefined): boolean {
  const statement = { Effect: "Allow", Action: "*", Resource: "*", Condition: condition };
  const text = JSON.stringify({ Version: "2012-10-17", Statement: statement });
  // As a stored policy, since the values are of any type.
  const { document } = readPolicyDocument(text);
  const context = new Map(actual ? [["aws:tagkeys", actual]] : []);
  const decision = decide([compilePolicy({ name: "P", document })], {
    action: "a:b",
    resource: "*",
    context,
  });
  return decision.outcome === "allow";
}
