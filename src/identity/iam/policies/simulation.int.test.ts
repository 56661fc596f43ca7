import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import {
  AttachUserPolicyCommand,
  type EvaluationResult,
  GetContextKeysForCustomPolicyCommand,
  GetContextKeysForPrincipalPolicyCommand,
  PutUserPolicyCommand,
  SimulateCustomPolicyCommand,
  type SimulateCustomPolicyCommandInput,
  SimulatePrincipalPolicyCommand,
  type SimulatePrincipalPolicyCommandInput,
} from "@aws-sdk/client-iam";
import { forEachDatabase, type OpenedDatabase } from "../../../../test/support/databases.ts";
import { answerInProcess } from "../../../../test/support/sdk-in-process.ts";
import { accountId, createPolicyWorld, type PolicyWorld } from "./testing/policy-world.ts";

const alice = `arn:aws:iam::${accountId}:user/alice`;
const write = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement }, undefined, 2);

forEachDatabase((openFresh) => {
  let opened: OpenedDatabase;
  let world: PolicyWorld;

  before(async () => {
    opened = await openFresh();
  });
  after(() => opened.dispose());
  beforeEach(async () => {
    await opened.database.kysely.deleteFrom("users").execute();
    world = createPolicyWorld(opened.database, answerInProcess);
    await world.addUser("alice", { tags: { team: "blue" } });
  });

  const simulate = async (
    input: Partial<SimulatePrincipalPolicyCommandInput>,
  ): Promise<readonly EvaluationResult[]> => {
    const command = new SimulatePrincipalPolicyCommand({ PolicySourceArn: alice, ActionNames: [], ...input });
    return (await world.client.send(command)).EvaluationResults ?? [];
  };
  const simulateCustom = async (
    policy: string,
    input: Partial<SimulateCustomPolicyCommandInput> = {},
  ): Promise<EvaluationResult> => {
    const command = new SimulateCustomPolicyCommand({
      PolicyInputList: [policy],
      ActionNames: ["logs:GetLogEvents"],
      ...input,
    });
    const [result] = (await world.client.send(command)).EvaluationResults ?? [];
    assert.ok(result);
    return result;
  };
  const decisionsOf = (results: readonly EvaluationResult[]) =>
    results.map(({ EvalDecision }) => EvalDecision);
  const putInline = (PolicyDocument: string) =>
    world.client.send(new PutUserPolicyCommand({ UserName: "alice", PolicyName: "Own", PolicyDocument }));
  const refused = async (sent: Promise<unknown>): Promise<string> => {
    try {
      await sent;
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}`;
    }
    return assert.fail("accepted");
  };

  test("attached, inline and given policies decide together, and each statement is named by its policy and place", async () => {
    await world.client.send(
      new AttachUserPolicyCommand({
        UserName: "alice",
        PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
      }),
    );
    await putInline(write({ Sid: "No", Effect: "Deny", Action: "iam:*", Resource: "*" }));
    const given = write(
      { Effect: "Allow", Action: "logs:*", Resource: "*" },
      { Effect: "Deny", Action: "logs:Delete*", Resource: "*" },
    );
    const results = await simulate({
      ActionNames: ["logs:GetLogEvents", "iam:GetUser", "logs:DeleteLogGroup"],
      PolicyInputList: [given],
    });
    const type = "IAM Policy";
    assert.deepEqual(results, [
      {
        EvalActionName: "logs:GetLogEvents",
        EvalResourceName: "*",
        EvalDecision: "allowed",
        MatchedStatements: [
          {
            SourcePolicyId: "AdministratorAccess",
            SourcePolicyType: type,
            StartPosition: { Line: 4, Column: 5 },
            EndPosition: { Line: 8, Column: 6 },
          },
          {
            SourcePolicyId: "PolicyInputList.1",
            SourcePolicyType: type,
            StartPosition: { Line: 4, Column: 5 },
            EndPosition: { Line: 8, Column: 6 },
          },
        ],
        MissingContextValues: [],
      },
      {
        EvalActionName: "iam:GetUser",
        EvalResourceName: "*",
        EvalDecision: "explicitDeny",
        MatchedStatements: [
          {
            SourcePolicyId: "user_alice_Own",
            SourcePolicyType: type,
            StartPosition: { Line: 4, Column: 5 },
            EndPosition: { Line: 9, Column: 6 },
          },
        ],
        MissingContextValues: [],
      },
      {
        EvalActionName: "logs:DeleteLogGroup",
        EvalResourceName: "*",
        EvalDecision: "explicitDeny",
        MatchedStatements: [
          {
            SourcePolicyId: "PolicyInputList.1",
            SourcePolicyType: type,
            StartPosition: { Line: 9, Column: 5 },
            EndPosition: { Line: 13, Column: 6 },
          },
        ],
        MissingContextValues: [],
      },
    ]);
  });

  test("each action is asked on each resource, page by page", async () => {
    await putInline(
      write({ Effect: "Allow", Action: "logs:Get*", Resource: "arn:aws:logs:*:*:log-group:/a:*" }),
    );
    const input = {
      PolicySourceArn: alice,
      ActionNames: ["logs:GetLogEvents", "logs:PutLogEvents"],
      ResourceArns: ["/a", "/b"].map((name) => `arn:aws:logs:eu-west-1:1:log-group:${name}:log-stream:`),
    };
    assert.deepEqual(decisionsOf(await simulate(input)), [
      "allowed",
      "implicitDeny",
      "implicitDeny",
      "implicitDeny",
    ]);
    const first = await world.client.send(new SimulatePrincipalPolicyCommand({ ...input, MaxItems: 3 }));
    assert.equal(first.IsTruncated, true);
    const next = await world.client.send(
      new SimulatePrincipalPolicyCommand({ ...input, MaxItems: 3, Marker: first.Marker }),
    );
    assert.deepEqual(
      next.EvaluationResults?.map(({ EvalActionName, EvalResourceName }) => [
        EvalActionName,
        EvalResourceName,
      ]),
      [["logs:PutLogEvents", input.ResourceArns[1]]],
    );
    assert.equal(next.IsTruncated, false);
  });

  test("the user's own condition keys are known, others are told to be missing", async () => {
    await putInline(
      write({
        Effect: "Allow",
        Action: "iam:CreateServiceSpecificCredential",
        Resource: `arn:aws:iam::*:user/\${aws:username}`,
        Condition: {
          StringEquals: { "aws:PrincipalTag/team": "blue" },
          NumericLessThanEquals: { "iam:ServiceSpecificCredentialAgeDays": "90" },
        },
      }),
    );
    const input = { ActionNames: ["iam:CreateServiceSpecificCredential"], ResourceArns: [alice] };
    const [missing] = await simulate(input);
    assert.equal(missing?.EvalDecision, "implicitDeny");
    assert.deepEqual(missing?.MissingContextValues, ["iam:ServiceSpecificCredentialAgeDays"]);
    const age = (days: string) => ({
      ContextKeyName: "iam:ServiceSpecificCredentialAgeDays",
      ContextKeyType: "numeric" as const,
      ContextKeyValues: [days],
    });
    assert.deepEqual(decisionsOf(await simulate({ ...input, ContextEntries: [age("30")] })), ["allowed"]);
    assert.deepEqual(decisionsOf(await simulate({ ...input, ContextEntries: [age("91")] })), [
      "implicitDeny",
    ]);
  });

  test("custom policies are tried without any user; the time is known, a set of values is a set", async () => {
    const timed = write({
      Effect: "Allow",
      Action: "*",
      Resource: "*",
      Condition: { DateGreaterThan: { "aws:CurrentTime": "2015-08-16T12:00:00Z" } },
    });
    assert.equal((await simulateCustom(timed)).EvalDecision, "allowed");
    const tagged = write({
      Effect: "Allow",
      Action: "*",
      Resource: "*",
      Condition: {
        "ForAllValues:StringEquals": { "aws:TagKeys": ["a", "b"] },
        Null: { "aws:TagKeys": "false" },
      },
    });
    const keys = (...ContextKeyValues: string[]) => ({
      ContextEntries: [
        { ContextKeyName: "aws:TagKeys", ContextKeyType: "stringList" as const, ContextKeyValues },
      ],
    });
    assert.equal((await simulateCustom(tagged, keys("a", "b"))).EvalDecision, "allowed");
    assert.equal((await simulateCustom(tagged, keys("a", "c"))).EvalDecision, "implicitDeny");
    const own = write({ Effect: "Allow", Action: "*", Resource: `arn:aws:iam::*:user/\${aws:username}` });
    assert.equal((await simulateCustom(own, { ResourceArns: [alice] })).EvalDecision, "implicitDeny");
    assert.equal(
      (await simulateCustom(own, { ResourceArns: [alice], CallerArn: alice })).EvalDecision,
      "allowed",
    );
  });

  test("a permissions boundary bounds", async () => {
    const all = write({ Effect: "Allow", Action: "*", Resource: "*" });
    const bounded = async (boundary: string) => {
      const result = await simulateCustom(all, { PermissionsBoundaryPolicyInputList: [boundary] });
      return [result.EvalDecision, result.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary];
    };
    assert.deepEqual(await bounded(write({ Effect: "Allow", Action: "logs:*", Resource: "*" })), [
      "allowed",
      true,
    ]);
    assert.deepEqual(await bounded(write({ Effect: "Allow", Action: "iam:*", Resource: "*" })), [
      "implicitDeny",
      false,
    ]);
    assert.deepEqual(await bounded(write({ Effect: "Deny", Action: "logs:*", Resource: "*" })), [
      "explicitDeny",
      false,
    ]);
  });

  test("the keys that policies ask for are listed once", async () => {
    const policy = write({
      Effect: "Allow",
      Action: "*",
      Resource: `arn:aws:iam::*:user/\${aws:username}`,
      Condition: {
        StringLike: { "AWS:UserName": `\${aws:PrincipalTag/team, 'x'}*` },
        Bool: { "aws:SecureTransport": "true" },
      },
    });
    const custom = await world.client.send(
      new GetContextKeysForCustomPolicyCommand({ PolicyInputList: [policy] }),
    );
    assert.deepEqual(custom.ContextKeyNames, [
      "AWS:UserName",
      "aws:PrincipalTag/team",
      "aws:SecureTransport",
    ]);
    await putInline(policy);
    const own = await world.client.send(
      new GetContextKeysForPrincipalPolicyCommand({ PolicySourceArn: alice }),
    );
    assert.deepEqual(own.ContextKeyNames, custom.ContextKeyNames);
  });

  test("what cannot be simulated is refused", async () => {
    const action = ["logs:GetLogEvents"];
    const cases: [string, Partial<SimulatePrincipalPolicyCommandInput>][] = [
      [
        "NoSuchEntityException: The user with name bob cannot be found.",
        { PolicySourceArn: `${alice.slice(0, -5)}bob` },
      ],
      [
        `InvalidInputException: Invalid Entity Arn: arn:aws:iam::${accountId}:root does not clearly define entity type and name.`,
        { PolicySourceArn: `arn:aws:iam::${accountId}:root` },
      ],
      ["InvalidInputException: Invalid action name: logs:Get*", { ActionNames: ["logs:Get*"] }],
      [
        "InvalidInputException: PolicyInputList.2: Syntax errors in policy. The policy has no Statement.",
        { PolicyInputList: [write({ Effect: "Allow", Action: "*", Resource: "*" }), "{}"] },
      ],
      [
        "InvalidInputException: ResourcePolicy is not supported: resources have no policies of their own here.",
        { ResourcePolicy: "{}" },
      ],
      [
        "InvalidInputException: The context key aws:username needs one value, or a type that ends in List.",
        {
          ContextEntries: [
            { ContextKeyName: "aws:username", ContextKeyType: "string", ContextKeyValues: ["a", "b"] },
          ],
        },
      ],
    ];
    for (const [expected, input] of cases) {
      assert.equal(await refused(simulate({ ActionNames: action, ...input })), expected);
    }
    for (const bad of [
      { CallerArn: "" },
      { ResourceOwner: "" },
      { ResourceOwner: "o".repeat(2049) },
      { ResourceHandlingOption: "h".repeat(65) },
    ]) {
      assert.match(
        await refused(simulate({ ActionNames: action, ...bad })),
        /^ValidationError: 1 validation/,
      );
    }
    assert.match(
      await refused(simulate({ ActionNames: action, PolicyInputList: [""] })),
      /^ValidationError: 1 validation error detected: Value '' at 'policyInputList\.1\.member' failed/,
    );
    const marker = await refused(simulate({ ActionNames: action, Marker: "x" }));
    assert.equal(marker, "ValidationError: Invalid Marker.");
    const many = Array.from({ length: 400 }, (_, i) => `logs:A${i}`);
    const tooMany = await refused(simulate({ ActionNames: many, ResourceArns: many }));
    assert.match(tooMany, /^InvalidInputException: At most 100000 pairs/);
  });

  // Who may simulate could hold up everybody's requests: the texts to compare are all the caller's.
  test("hostile wildcards are refused when they are many, and else leave others their turns", async () => {
    const hostile = write({
      Effect: "Allow",
      Action: "*",
      Resource: Array.from({ length: 20 }, () => `arn:aws:s3:::${"*a".repeat(100)}*b`),
    });
    const ResourceArns = Array.from({ length: 50 }, () => `arn:aws:s3:::${"a".repeat(2_000)}`);
    const ActionNames = Array.from({ length: 20 }, (_, i) => `s3:Get${i}`);
    const input = { ActionNames, PolicyInputList: [hostile], ResourceArns };
    assert.match(
      await refused(simulate({ ...input, MaxItems: 1000 })),
      /^InvalidInputException: This is too much/,
    );
    const before = world.rests();
    assert.equal((await simulate({ ...input, MaxItems: 5 })).length, 5);
    assert.equal(world.rests() - before, 5);
  });

  test("policies are asked about the user whose policies are tried", async () => {
    await simulate({ ActionNames: ["logs:GetLogEvents"] });
    assert.deepEqual(world.asked.at(-1), { action: "iam:SimulatePrincipalPolicy", resource: alice });
  });
});
