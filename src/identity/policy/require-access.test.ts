import assert from "node:assert/strict";
import { test } from "node:test";
import { AppError } from "../../base/index.ts";
import { type AccessQuestion, operationNames, type Principal } from "../../contract/index.ts";
import { type CompiledPolicy, compilePolicy } from "./compile.ts";
import { parsePolicyDocument } from "./parse-document.ts";
import { type AccessFacts, allowedOperations, requireAccess } from "./require-access.ts";

const alice: Principal = {
  kind: "user",
  id: "AIDAALICE",
  name: "alice",
  arn: "arn:aws:iam::123456789012:user/alice",
  accountId: "123456789012",
  policies: [],
  proof: { kind: "token", id: "1" },
};
const root: Principal = { ...alice, kind: "root", name: "root", arn: "arn:aws:iam::123456789012:root" };
const group = "arn:aws:logs:us-east-1:123456789012:log-group:/app:log-stream:";

test("facts of the request and of the caller are condition keys", () => {
  const facts: AccessFacts = {
    sourceIp: "203.0.113.5",
    userAgent: "curl/8",
    secure: true,
    nowMs: Date.parse("2026-11-21T09:00:00.250Z"),
    region: "eu-central-1",
  };
  const conditions = {
    IpAddress: { "aws:SourceIp": "203.0.113.0/24" },
    StringEquals: {
      "aws:username": "alice",
      "aws:userid": "AIDAALICE",
      "aws:PrincipalAccount": "123456789012",
      "aws:ResourceAccount": "123456789012",
      "aws:PrincipalType": "User",
      "aws:RequestedRegion": "eu-central-1",
      "acme:Own": "x",
    },
    StringLike: { "aws:UserAgent": "curl/*" },
    ArnEquals: { "aws:PrincipalArn": alice.arn },
    Bool: { "aws:SecureTransport": true, "aws:ViaAWSService": false, "aws:PrincipalIsAWSService": false },
    DateEquals: { "aws:CurrentTime": "2026-11-21T09:00:00.250Z" },
    NumericEquals: { "aws:EpochTime": "1795251600" },
  };
  const policy = allowing({ Condition: conditions });
  const question = { action: "logs:GetLogEvents", resource: group, context: { "acme:Own": "x" } };
  requireAccess(alice, [policy], question, facts);
  assert.match(
    denialOf(alice, [policy], question, { ...facts, sourceIp: "8.8.8.8" }),
    /IpAddress on aws:SourceIp/,
  );
  assert.match(
    denialOf(alice, [policy], question),
    /The request does not have: aws:SourceIp, aws:RequestedRegion/,
  );
});

// A handler's own keys come from the caller's input at times; they must not pass for the caller's identity.
test("a question cannot say who calls", () => {
  const policy = allowing({ Condition: { StringEquals: { "aws:username": "bob" } } });
  const question = { action: "logs:GetLogEvents", resource: group, context: { "AWS:UserName": "bob" } };
  assert.match(denialOf(alice, [policy], question), /not authorized/);
});

test("root may do everything, whatever denies it", () => {
  requireAccess(root, [], "vault:Rotate");
  requireAccess(root, [compile({ Effect: "Deny", Action: "*", Resource: "*" })], "vault:Rotate");
  assert.deepEqual(allowedOperations(root, []), operationNames);
});

test("an explicit deny is told in AWS's words and names its statement", () => {
  const deny = { Sid: "NoReading", Effect: "Deny", Action: "logs:Get*", Resource: "*" };
  const policies = [
    allowing({}),
    compile(deny, { name: "guard", arn: "arn:aws:iam::123456789012:policy/guard" }),
  ];
  assert.equal(
    denialOf(alice, policies, { action: "logs:GetLogEvents", resource: group }),
    `User: ${alice.arn} is not authorized to perform: logs:GetLogEvents on resource: ${group} with an explicit deny in an identity-based policy: arn:aws:iam::123456789012:policy/guard. Statement NoReading of policy guard denies it.`,
  );
  const inline = [compile({ ...deny, Sid: undefined }, { name: "inline" })];
  assert.match(
    denialOf(alice, inline, { action: "logs:GetLogEvents", resource: group }),
    /with an explicit deny in an identity-based policy\. Statement number 1 of policy inline denies it\.$/,
  );
});

test("a missing Allow is told in AWS's words, with the condition that stood in its way", () => {
  const policy = allowing({ Sid: "Short", Condition: { NumericLessThanEquals: { "acme:Days": 90 } } });
  const question = { action: "acme:Create", resource: "*" };
  const aws = `User: ${alice.arn} is not authorized to perform: acme:Create on resource: * because no identity-based policy allows the acme:Create action.`;
  const remedy = "Ask an administrator to attach AdministratorAccess.";
  assert.equal(
    denialOf(alice, [policy], question),
    `${aws} Statement Short of policy P would allow it, but its condition NumericLessThanEquals on acme:Days does not hold. The request does not have: acme:Days. ${remedy}`,
  );
  assert.equal(
    denialOf(alice, [compile({ Effect: "Allow", Action: "s3:*", Resource: "*" })], question),
    `${aws} None of the policies checked (P) has an Allow for it. ${remedy}`,
  );
  assert.equal(denialOf(alice, [], question), `${aws} No policy is attached. ${remedy}`);
});

test("controls are shown for what may be allowed on something, and hidden for what is denied on everything", () => {
  const policies = [
    compile({ Effect: "Allow", Action: ["logs:*", "runs:*"], Resource: group }),
    compile({ Effect: "Deny", Action: "logs:Delete*", Resource: "*" }),
    compile({ Effect: "Deny", Action: "logs:PutLogEvents", Resource: "arn:aws:logs:*:*:log-group:/prod:*" }),
    compile({
      Effect: "Deny",
      Action: "logs:FilterLogEvents",
      Resource: "*",
      Condition: { Null: { "a:b": true } },
    }),
  ];
  const allowed = allowedOperations(alice, policies);
  const expected = operationNames.filter((name) => /^(runs:|logs:(?!Delete))/.test(name));
  assert.deepEqual(allowed, expected);
  assert.ok(expected.includes("logs:PutLogEvents") && expected.includes("logs:FilterLogEvents"));
});

function allowing(members: object): CompiledPolicy {
  return compile({ Effect: "Allow", Action: "*", Resource: "*", ...members });
}

function compile(statement: object, named: { name: string; arn?: string } = { name: "P" }): CompiledPolicy {
  const text = JSON.stringify({ Version: "2012-10-17", Statement: statement });
  return compilePolicy({ ...named, document: parsePolicyDocument(text) });
}

function denialOf(
  principal: Principal,
  policies: readonly CompiledPolicy[],
  question: AccessQuestion,
  facts?: AccessFacts,
): string {
  try {
    requireAccess(principal, policies, question, facts);
  } catch (error) {
    assert.ok(error instanceof AppError && error.code === "access_denied");
    return error.message;
  }
  return assert.fail("allowed");
}
