import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import {
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetUserPolicyCommand,
  ListAttachedUserPoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListPoliciesCommand,
  type ListPoliciesCommandInput,
  ListPolicyTagsCommand,
  ListPolicyVersionsCommand,
  ListUserPoliciesCommand,
  PutUserPolicyCommand,
  SetDefaultPolicyVersionCommand,
  TagPolicyCommand,
  UntagPolicyCommand,
} from "@aws-sdk/client-iam";
import { forEachDatabase, type OpenedDatabase } from "../../../../test/support/databases.ts";
import { answerInProcess } from "../../../../test/support/sdk-in-process.ts";
import { decide } from "../../policy/decide.ts";
import { accountId, createPolicyWorld, type PolicyWorld, startMs } from "./testing/policy-world.ts";

const document = (action: string) =>
  JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", Action: action, Resource: "*" } });
const arnOf = (name: string, path = "/") => `arn:aws:iam::${accountId}:policy${path}${name}`;
const awsArn = (name: string) => `arn:aws:iam::aws:policy/${name}`;

/** The error as the SDK shows it: its name, its status and its text. */
async function refused(sent: Promise<unknown>): Promise<string> {
  try {
    await sent;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata: { httpStatusCode: number } };
    return `${name} ${$metadata.httpStatusCode}: ${message}`;
  }
  return assert.fail("accepted");
}

forEachDatabase((openFresh) => {
  let opened: OpenedDatabase;
  let world: PolicyWorld;
  let client: PolicyWorld["client"];

  before(async () => {
    opened = await openFresh();
  });
  after(() => opened.dispose());
  beforeEach(async () => {
    const { kysely } = opened.database;
    for (const table of ["users", "policies"] as const) await kysely.deleteFrom(table).execute();
    world = createPolicyWorld(opened.database, answerInProcess);
    client = world.client;
    await world.addUser("alice");
  });

  const create = (name: string, more: object = {}) =>
    client.send(
      new CreatePolicyCommand({ PolicyName: name, PolicyDocument: document("logs:Get*"), ...more }),
    );
  const attach = (PolicyArn: string, UserName = "alice") =>
    client.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  const detach = (PolicyArn: string, UserName = "alice") =>
    client.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
  const newVersion = (PolicyArn: string, SetAsDefault = false, action = "logs:*") =>
    client.send(
      new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document(action), SetAsDefault }),
    );
  const mayAlice = async (action: string) => {
    const user = (await world.directory.current()).userByName("alice");
    assert.ok(user);
    return decide(user.policies, { action, resource: "*", context: new Map() }).outcome === "allow";
  };

  describe("managed policies", () => {
    test("one that is created is described, found and listed", async () => {
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
      for (const PolicyArn of [awsArn("ReadOnlyAccess"), "arn:aws:iam::999999999999:policy/Readers"]) {
        const expected = "AccessDenied 403: Policy is outside your own account.";
        assert.equal(await refused(client.send(new DeletePolicyCommand({ PolicyArn }))), expected);
        assert.equal(await refused(newVersion(PolicyArn)), expected);
        const Tags = [{ Key: "a", Value: "b" }];
        assert.equal(await refused(client.send(new TagPolicyCommand({ PolicyArn, Tags }))), expected);
      }
    });

    test("one goes when nobody has it and no version but the default is left", async () => {
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
      const { Versions } = await client.send(new ListPolicyVersionsCommand({ PolicyArn }));
      return Versions?.map(({ VersionId, IsDefaultVersion }) => `${VersionId}${IsDefaultVersion ? "*" : ""}`);
    };

    test("a new one is the default when it is said to be, and decides from then on", async () => {
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
      const text = `{ "Version": "2012-10-17",\n\t"Statement": [{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::it's(!)*"}] }`;
      await create("Readers", { PolicyDocument: text });
      const got = await client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: "v1" }));
      const encoded = got.PolicyVersion?.Document ?? "";
      assert.match(encoded, /^[A-Za-z0-9\-._~%]+$/);
      assert.equal(decodeURIComponent(encoded), text);
    });

    test("there are five at most, and numbers are not given twice", async () => {
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

  describe("attachments", () => {
    test("attaching and detaching take effect at once, and both may be repeated or are refused as on AWS", async () => {
      const PolicyArn = awsArn("ReadOnlyAccess");
      await attach(PolicyArn);
      await attach(PolicyArn);
      assert.equal(await mayAlice("logs:GetLogEvents"), true);
      const attached = await client.send(new ListAttachedUserPoliciesCommand({ UserName: "alice" }));
      assert.deepEqual(attached.AttachedPolicies, [{ PolicyName: "ReadOnlyAccess", PolicyArn }]);
      await detach(PolicyArn);
      assert.equal(await mayAlice("logs:GetLogEvents"), false);
      assert.equal(
        await refused(detach(PolicyArn)),
        `NoSuchEntityException 404: Policy ${PolicyArn} was not found.`,
      );
    });

    test("policies are asked about the user and told which policy it is", async () => {
      await world.addUser("bob", { path: "/team/" });
      await attach(awsArn("Proxies"), "bob");
      assert.deepEqual(world.asked.at(-1), {
        action: "iam:AttachUserPolicy",
        resource: `arn:aws:iam::${accountId}:user/team/bob`,
        context: { "iam:PolicyARN": awsArn("Proxies") },
      });
    });

    test("neither a user nor a policy that is not there can be attached", async () => {
      assert.equal(
        await refused(attach(arnOf("None"))),
        `NoSuchEntityException 404: Policy ${arnOf("None")} does not exist or is not attachable.`,
      );
      assert.equal(
        await refused(attach(awsArn("Proxies"), "nobody")),
        "NoSuchEntityException 404: The user with name nobody cannot be found.",
      );
      assert.match(await refused(attach("arn:aws:iam::x:policy/abc")), /^InvalidInputException 400: ARN /);
    });

    test("a user has ten at most", async () => {
      for (let i = 0; i < 10; i++) {
        await create(`P${i}`);
        await attach(arnOf(`P${i}`));
      }
      await create("P10");
      assert.equal(
        await refused(attach(arnOf("P10"))),
        "LimitExceededException 409: Cannot exceed quota for PoliciesPerUser: 10",
      );
      await attach(arnOf("P9"));
    });

    // The access keys of root may be lost, and then nobody could give anybody anything any more.
    test("the last administrator stays one", async () => {
      await world.addUser("admin", { policyNames: ["AdministratorAccess"] });
      const PolicyArn = awsArn("AdministratorAccess");
      assert.match(
        await refused(detach(PolicyArn, "admin")),
        /^DeleteConflictException 409: User admin is the only one/,
      );
      await attach(PolicyArn, "alice");
      await detach(PolicyArn, "admin");
      assert.match(
        await refused(detach(PolicyArn, "alice")),
        /^DeleteConflictException 409: User alice is the only one/,
      );
    });

    test("those who have a policy are listed", async () => {
      await create("Readers");
      const PolicyArn = arnOf("Readers");
      await world.addUser("Bob", { path: "/team/" });
      await attach(PolicyArn, "alice");
      await attach(PolicyArn, "bob");
      const list = async (input: object) => {
        const answer = await client.send(new ListEntitiesForPolicyCommand({ PolicyArn, ...input }));
        assert.deepEqual([answer.PolicyGroups, answer.PolicyRoles], [[], []]);
        return answer.PolicyUsers?.map(({ UserName }) => UserName);
      };
      assert.deepEqual(await list({}), ["alice", "Bob"]);
      assert.deepEqual(await list({ EntityFilter: "User", PathPrefix: "/team/" }), ["Bob"]);
      assert.deepEqual(await list({ EntityFilter: "Role" }), []);
      const { Policy } = await client.send(new GetPolicyCommand({ PolicyArn }));
      assert.equal(Policy?.AttachmentCount, 2);
    });
  });

  describe("inline policies", () => {
    const put = (PolicyName: string, PolicyDocument: string, UserName = "alice") =>
      client.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument }));
    const get = (PolicyName: string) =>
      client.send(new GetUserPolicyCommand({ UserName: "ALICE", PolicyName }));

    test("one is put, replaced, read, listed and deleted, and decides at once", async () => {
      await put("Own", document("logs:Get*"));
      assert.equal(await mayAlice("logs:GetLogEvents"), true);
      await put("Own", document("iam:*"));
      assert.equal(await mayAlice("logs:GetLogEvents"), false);
      const { UserName, PolicyName, PolicyDocument } = await get("Own");
      assert.deepEqual([UserName, PolicyName], ["alice", "Own"]);
      assert.equal(decodeURIComponent(PolicyDocument ?? ""), document("iam:*"));
      assert.ok(PolicyDocument?.includes("iam%3A%2A"));
      await put("Another", document("s3:*"));
      const listed = await client.send(new ListUserPoliciesCommand({ UserName: "alice" }));
      assert.deepEqual(listed.PolicyNames, ["Another", "Own"]);
      await client.send(new DeleteUserPolicyCommand({ UserName: "alice", PolicyName: "Own" }));
      assert.equal(await mayAlice("iam:GetUser"), false);
      assert.equal(
        await refused(get("Own")),
        "NoSuchEntityException 404: The user policy with name Own cannot be found.",
      );
      const again = client.send(new DeleteUserPolicyCommand({ UserName: "alice", PolicyName: "Own" }));
      assert.match(await refused(again), /^NoSuchEntityException 404/);
    });

    test("all of a user have 2,048 characters together, white space aside", async () => {
      const half = document(`logs:${"a".repeat(1024 - document("logs:").length)}`);
      await put("One", half);
      await put("Two", `${half}${" ".repeat(5000)}`);
      const expected =
        "LimitExceededException 409: Maximum policy size of 2048 bytes exceeded for user alice";
      assert.equal(await refused(put("Three", document("*"))), expected);
      assert.equal(await refused(put("One", half.replace("logs:", "logs:a"))), expected);
      await put("One", document("*"));
    });

    test("what is malformed or for nobody is refused", async () => {
      assert.match(
        await refused(put("Own", "{}")),
        /^MalformedPolicyDocumentException 400: Syntax errors in policy\. The policy has no Statement\./,
      );
      assert.match(
        await refused(put("Own", document("*"), "nobody")),
        /^NoSuchEntityException 404: The user with name nobody/,
      );
      assert.match(await refused(put("a/b", document("*"))), /^ValidationError 400/);
      assert.match(
        await refused(put("Own", document("logs"))),
        /^MalformedPolicyDocumentException 400: Actions\/Conditions must be prefaced/,
      );
    });
  });
});
