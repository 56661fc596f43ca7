import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  DeleteUserPolicyCommand,
  GetPolicyCommand,
  GetUserPolicyCommand,
  ListAttachedUserPoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListUserPoliciesCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { answerInProcess } from "../../../../test/support/sdk-in-process.ts";
import { arnOf, awsArn, document, refused, usePolicyCalls } from "./testing/policy-calls.ts";
import { accountId } from "./testing/policy-world.ts";

forEachDatabase((open) => {
  const calls = usePolicyCalls(open, answerInProcess);
  const { attach, create, detach, mayAlice } = calls;

  describe("attachments", () => {
    test("attaching and detaching take effect at once, and both may be repeated or are refused as on AWS", async () => {
      const { client } = calls;
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
      const { world } = calls;
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
      const { world } = calls;
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
      const { client, world } = calls;
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
      calls.client.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument }));
    const get = (PolicyName: string) =>
      calls.client.send(new GetUserPolicyCommand({ UserName: "ALICE", PolicyName }));

    test("one is put, replaced, read, listed and deleted, and decides at once", async () => {
      const { client } = calls;
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
