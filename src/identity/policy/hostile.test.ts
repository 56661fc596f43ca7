import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compilePolicy } from "./compile.ts";
import { decide } from "./decide.ts";
import { parsePolicyDocument } from "./parse-document.ts";
import { PolicyProblem } from "./problem.ts";

const documentMax = 131_072;
const statement = '{"Effect":"Allow","Action":"*","Resource":"*"}';

test("no text of the greatest length holds the parser up", () => {
  const resource = (text: string) =>
    `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":${JSON.stringify(text)}}}`;
  const texts = [
    " ".repeat(documentMax),
    "[".repeat(documentMax),
    '"'.repeat(documentMax),
    "\\".repeat(documentMax),
    `"${"\\".repeat(documentMax)}`,
    `{"Statement":[${"{},".repeat(documentMax / 4)}{}]}`,
    resource(`arn:aws:s3:::\${${" ".repeat(documentMax)}`),
    resource(`arn:aws:s3:::\${aws:x,${" ".repeat(documentMax)}}`),
    resource("${".repeat(documentMax / 2)),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM's language.
    resource("arn:aws:s3:::${aws:x}".repeat(documentMax / 21)),
    resource(":".repeat(documentMax)),
    `{"Statement":[${"\n".repeat(documentMax / 2)}${Array.from({ length: 1_300 }, () => statement).join(",")}]}`,
  ];
  const started = performance.now();
  for (const text of texts) {
    try {
      parsePolicyDocument(text);
    } catch (error) {
      assert.ok(error instanceof PolicyProblem, String(error));
    }
  }
  const took = performance.now() - started;
  assert.ok(took < 2000, `took ${took} ms`);
});

test("whatever the JSON, it is a document or a PolicyProblem", () => {
  const names = fc.constantFrom(
    "Version",
    "Statement",
    "Effect",
    "Action",
    "Resource",
    "Condition",
    "__proto__",
    "x",
  );
  const { node } = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<unknown>("Allow", "*", "2012-10-17", "logs:*", "${", 1, null, true),
      fc.array(tie("node"), { maxLength: 2 }),
      fc.dictionary(names, tie("node"), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(node, (value) => {
      try {
        parsePolicyDocument(JSON.stringify(value));
      } catch (error) {
        assert.ok(error instanceof PolicyProblem, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});

test("a policy full of hostile wildcards is decided at once", () => {
  const statement = {
    Effect: "Allow",
    Action: "*",
    Resource: Array.from({ length: 20 }, () => `arn:aws:logs:::${"*a".repeat(100)}*b`),
    Condition: { StringLike: { "aws:UserAgent": `${"*a".repeat(100)}*b` } },
  };
  const document = parsePolicyDocument(JSON.stringify({ Version: "2012-10-17", Statement: statement }));
  const policy = compilePolicy({ name: "P", document });
  const started = performance.now();
  const decision = decide([policy], {
    action: "logs:PutLogEvents",
    resource: `arn:aws:logs:::${"a".repeat(2000)}`,
    context: new Map([["aws:useragent", "a".repeat(2000)]]),
  });
  assert.equal(decision.outcome, "implicit-deny");
  const took = performance.now() - started;
  assert.ok(took < 300, `took ${took} ms`);
});
