import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListPoliciesCommand,
  type ListPoliciesCommandInput,
  ListPolicyTagsCommand,
  ListPolicyVersionsCommand,
  SetDefaultPolicyVersionCommand,
  TagPolicyCommand,
  UntagPolicyCommand,
} from "@aws-sdk/client-iam";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { answerInProcess } from "../../../../test/support/sdk-in-process.ts";
import { arnOf, awsArn, document, refused, usePolicyCalls } from "./testing/policy-calls.ts";
import { startMs } from "./testing/policy-world.ts";

forEachDatabase((open) => {
  const calls = usePolicyCalls(open, answerInProcess);
  const { attach, create, detach, mayAlice, newVersion } = calls;

  describe("managed policies", () => {
    test("one that is created is described, found and listed", async () => {
      const { client } = calls;
      const { Policy } = await create("Readers", {
        Path: "/logs/",
        Description: "Reads logs.",
        Tags: [{ Key: "team", Value: "blue" }],
      });
      const { PolicyId, ...rest } = Policy ?? {};
      assert.match(PolicyId ?? "", /^ANPA[A-Z0-9]{17}$/);
      assert.deepEqual(rest, {
        PolicyName: "Readers",
        Arn: arnOf("Readers", "/logs/"),
        Path: "/logs/",
        DefaultVersionId: "v1",
        AttachmentCount: 0,
        PermissionsBoundaryUsageCount: 0,
        IsAttachable: true,
        CreateDate: new Date(startMs),
        UpdateDate: new Date(startMs),
        Description: "Reads logs.",
        Tags: [{ Key: "team", Value: "blue" }],
      });
      const got = await client.send(new GetPolicyCommand({ PolicyArn: arnOf("Readers", "/logs/") }));
      assert.deepEqual(got.Policy, Policy);
      const listed = await client.send(new ListPoliciesCommand({ Scope: "Local" }));
      const { Description, Tags, ...brief } = Policy ?? {};
      assert.deepEqual(listed.Policies, [brief]);
    });

    test("those on board can be read like any other", async () => {
      const { client } = calls;
      const PolicyArn = awsArn("CloudWatchLogsAPIKeyAccess");
      const { Policy } = await client.send(new GetPolicyCommand({ PolicyArn }));
      assert.equal(Policy?.PolicyName, "CloudWatchLogsAPIKeyAccess");
      const { PolicyVersion } = await client.send(
        new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
      );
      const text = decodeURIComponent(PolicyVersion?.Document ?? "");
      assert.deepEqual(JSON.parse(text).Statement[0], {
        Sid: "LogsAPIs",
        Effect: "Allow",
        Action: ["logs:CallWithBearerToken", "logs:PutLogEvents"],
        Resource: "*",
      });
    });

    test("lists keep scope, path and attachment, and go page by page without a gap", async () => {
      const { client } = calls;
      for (const name of ["b", "A", "c"]) await create(name, { Path: name === "c" ? "/x/" : "/" });
      await attach(arnOf("A"));
      const namesOf = async (input: ListPoliciesCommandInput) =>
        (await client.send(new ListPoliciesCommand(input))).Policies?.map(({ PolicyName }) => PolicyName);
      assert.deepEqual(await namesOf({ Scope: "Local" }), ["A", "b", "c"]);
      assert.deepEqual(await namesOf({ Scope: "AWS" }), [
        "AdministratorAccess",
        "CloudWatchLogsAPIKeyAccess",
        "Proxies",
        "ReadOnlyAccess",
      ]);
      assert.equal((await namesOf({}))?.length, 7);
      assert.deepEqual(await namesOf({ PathPrefix: "/x/" }), ["c"]);
      assert.deepEqual(await namesOf({ OnlyAttached: true }), ["A"]);
      assert.deepEqual(await namesOf({ PolicyUsageFilter: "PermissionsBoundary" }), []);
      const seen: (string | undefined)[] = [];
      let Marker: string | undefined;
      do {
        const page = await client.send(new ListPoliciesCommand({ Scope: "Local", MaxItems: 2, Marker }));
        seen.push(...(page.Policies ?? []).map(({ PolicyName }) => PolicyName));
        Marker = page.Marker;
        assert.equal(page.IsTruncated, Marker !== undefined);
      } while (Marker);
      assert.deepEqual(seen, ["A", "b", "c"]);
    });

    test("what cannot be created is refused in AWS's words", async () => {
      await create("Taken");
      const cases: [string, object][] = [
        [
          "EntityAlreadyExistsException 409: A policy called TAKEN already exists. Duplicate names are not allowed.",
          { PolicyName: "TAKEN" },
        ],
        [
          "ValidationError 400: The specified value for policyName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-",
          { PolicyName: "a b" },
        ],
        [
          "ValidationError 400: The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.",
          { Path: "x" },
        ],
        [
          "MalformedPolicyDocumentException 400: Syntax errors in policy. Line 1, column 1: expected a value",
          { PolicyDocument: "x" },
        ],
        [
          "MalformedPolicyDocumentException 400: Policy document should not specify a principal.",
          { PolicyDocument: document("*").replace('{"Effect"', '{"Principal":"*","Effect"') },
        ],
        [
          'MalformedPolicyDocumentException 400: The policy failed legacy parsing. Statement.Condition.NotIpAddress.aws:SourceIp: the value "office" is no IP address or CIDR block.',
          {
            PolicyDocument: JSON.stringify({
              Version: "2012-10-17",
              Statement: {
                Effect: "Deny",
                Action: "*",
                Resource: "*",
                Condition: { NotIpAddress: { "aws:SourceIp": "office" } },
              },
            }),
          },
        ],
        [
          "ValidationError 400: The specified value for policyDocument is invalid. It must contain only printable ASCII characters.",
          { PolicyDocument: "{\u2603}" },
        ],
        [
          "LimitExceededException 409: Cannot exceed quota for PolicySize: 6144",
          { PolicyDocument: document(`logs:${"a".repeat(6144)}`) },
        ],
      ];
      for (const [expected, input] of cases) assert.equal(await refused(create("New", input)), expected);
      const long = await refused(create("New", { PolicyDocument: " ".repeat(131_073) }));
      assert.match(
        long,
        /^ValidationError 400: 1 validation error detected: .* at 'policyDocument' .*less than or equal to 131072$/,
      );
    });

    // AWS does not count white space, so a policy of the greatest size may be indented.
    test("white space does not count towards the size", async () => {
      const size = document("").length;
      const largest = document(`logs:${"a".repeat(6144 - size - "logs:".length)}`);
      await create("Largest", { PolicyDocument: `${largest}${" \n".repeat(1000)}` });
      assert.match(
        await refused(create("Larger", { PolicyDocument: largest.replace("logs:", "logs:a") })),
        /PolicySize/,
      );
    });

    test("one that is not there, or is no ARN, is refused", async () => {
      const { client } = calls;
      const get = (PolicyArn: string) => refused(client.send(new GetPolicyCommand({ PolicyArn })));
      assert.equal(
        await get(arnOf("None")),
        `NoSuchEntityException 404: Policy ${arnOf("None")} was not found.`,
      );
      assert.equal(
        await get(awsArn("NoneOfThose")),
        `NoSuchEntityException 404: Policy ${awsArn("NoneOfThose")} was not found.`,
      );
      const foreign = "arn:aws:iam::999999999999:policy/Readers";
      assert.equal(await get(foreign), `NoSuchEntityException 404: Policy ${foreign} was not found.`);
      const bucket = "arn:aws:s3:::bucket/policy";
      assert.equal(await get(bucket), `InvalidInputException 400: ARN ${bucket} is not valid.`);
      assert.match(
        await get("Readers"),
        /^ValidationError 400: .*Member must have length greater than or equal to 20$/,
      );
      await create("Readers", { Path: "/logs/" });
      assert.match(await get(arnOf("Readers")), /^NoSuchEntityException/);
    });

    test("those on board and those of others cannot be changed", async () => {
      const { client } = calls;
      for (const PolicyArn of [awsArn("ReadOnlyAccess"), "arn:aws:iam::999999999999:policy/Readers"]) {
        const expected = "AccessDenied 403: Policy is outside your own account.";
        assert.equal(await refused(client.send(new DeletePolicyCommand({ PolicyArn }))), expected);
        assert.equal(await refused(newVersion(PolicyArn)), expected);
        const Tags = [{ Key: "a", Value: "b" }];
        assert.equal(await refused(client.send(new TagPolicyCommand({ PolicyArn, Tags }))), expected);
      }
    });

    test("one goes when nobody has it and no version but the default is left", async () => {
      const { client } = calls;
      await create("Readers");
      const PolicyArn = arnOf("Readers");
      const remove = () => client.send(new DeletePolicyCommand({ PolicyArn }));
      await attach(PolicyArn);
      assert.equal(
        await refused(remove()),
        "DeleteConflictException 409: Cannot delete a policy attached to entities.",
      );
      await detach(PolicyArn);
      await newVersion(PolicyArn);
      assert.match(
        await refused(remove()),
        /^DeleteConflictException 409: This policy has more than one version\./,
      );
      await client.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: "v2" }));
      await remove();
      assert.match(await refused(remove()), /^NoSuchEntityException/);
    });

    test("tags are added, replaced and removed, and policies can ask for them", async () => {
      const { client, world } = calls;
      await create("Readers", { Tags: [{ Key: "team", Value: "blue" }] });
      const PolicyArn = arnOf("Readers");
      await client.send(
        new TagPolicyCommand({
          PolicyArn,
          Tags: [
            { Key: "Team", Value: "red" },
            { Key: "cost", Value: "" },
          ],
        }),
      );
      assert.deepEqual(
        world.asked.slice(0, 2).map(({ action, context }) => [action, context?.["aws:RequestTag/team"]]),
        [
          ["iam:CreatePolicy", "blue"],
          ["iam:TagPolicy", "blue"],
        ],
      );
      const tags = async () => (await client.send(new ListPolicyTagsCommand({ PolicyArn }))).Tags;
      assert.deepEqual(await tags(), [
        { Key: "Team", Value: "red" },
        { Key: "cost", Value: "" },
      ]);
      assert.deepEqual(world.asked.at(-1), {
        action: "iam:ListPolicyTags",
        resource: PolicyArn,
        context: {
          "aws:ResourceTag/Team": "red",
          "iam:ResourceTag/Team": "red",
          "aws:ResourceTag/cost": "",
          "iam:ResourceTag/cost": "",
        },
      });
      await client.send(new UntagPolicyCommand({ PolicyArn, TagKeys: ["TEAM"] }));
      assert.deepEqual(await tags(), [{ Key: "cost", Value: "" }]);
      assert.match(
        await refused(client.send(new UntagPolicyCommand({ PolicyArn, TagKeys: [""] }))),
        /^ValidationError/,
      );
    });
  });

  describe("versions", () => {
    const PolicyArn = arnOf("Readers");
    const versions = async () => {
      const { Versions } = await calls.client.send(new ListPolicyVersionsCommand({ PolicyArn }));
      return Versions?.map(({ VersionId, IsDefaultVersion }) => `${VersionId}${IsDefaultVersion ? "*" : ""}`);
    };

    test("a new one is the default when it is said to be, and decides from then on", async () => {
      const { client } = calls;
      await create("Readers");
      await attach(PolicyArn);
      assert.equal((await newVersion(PolicyArn)).PolicyVersion?.VersionId, "v2");
      assert.equal(await mayAlice("logs:PutLogEvents"), false);
      const { PolicyVersion } = await newVersion(PolicyArn, true);
      assert.deepEqual(PolicyVersion, {
        VersionId: "v3",
        IsDefaultVersion: true,
        CreateDate: new Date(startMs),
      });
      assert.equal(await mayAlice("logs:PutLogEvents"), true);
      await client.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: "v1" }));
      assert.equal(await mayAlice("logs:PutLogEvents"), false);
      assert.deepEqual(await versions(), ["v3", "v2", "v1*"]);
    });

    test("a document comes back to the letter, percent-encoded", async () => {
      const { client } = calls;
      const text = `{ "Version": "2012-10-17",\n\t"Statement": [{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::it's(!)*"}] }`;
      await create("Readers", { PolicyDocument: text });
      const got = await client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: "v1" }));
      const encoded = got.PolicyVersion?.Document ?? "";
      assert.match(encoded, /^[A-Za-z0-9\-._~%]+$/);
      assert.equal(decodeURIComponent(encoded), text);
    });

    test("there are five at most, and numbers are not given twice", async () => {
      const { client } = calls;
      await create("Readers");
      for (let i = 0; i < 4; i++) await newVersion(PolicyArn);
      assert.equal(
        await refused(newVersion(PolicyArn)),
        "LimitExceededException 409: A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.",
      );
      await client.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: "v5" }));
      assert.equal((await newVersion(PolicyArn)).PolicyVersion?.VersionId, "v6");
      const page = await client.send(new ListPolicyVersionsCommand({ PolicyArn, MaxItems: 2 }));
      const rest = await client.send(new ListPolicyVersionsCommand({ PolicyArn, Marker: page.Marker }));
      const ids = [...(page.Versions ?? []), ...(rest.Versions ?? [])].map(({ VersionId }) => VersionId);
      assert.deepEqual(ids, ["v6", "v4", "v3", "v2", "v1"]);
    });

    test("the default and what is not there cannot be deleted", async () => {
      const { client } = calls;
      await create("Readers");
      const remove = (VersionId: string) =>
        refused(client.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId })));
      assert.equal(
        await remove("v1"),
        "DeleteConflictException 409: Cannot delete the default version of a policy.",
      );
      assert.equal(
        await remove("v9"),
        `NoSuchEntityException 404: Policy ${PolicyArn} version v9 does not exist or is not attachable.`,
      );
      assert.match(await remove("1"), /^ValidationError 400: .* at 'versionId' /);
    });
  });
});
