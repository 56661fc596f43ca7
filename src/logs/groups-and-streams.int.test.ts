import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DeleteRetentionPolicyCommand,
  type DescribeLogStreamsCommandInput,
  type ListLogGroupsCommandInput,
  ListTagsForResourceCommand,
  ListTagsLogGroupCommand,
  PutBearerTokenAuthenticationCommand,
  PutLogGroupDeletionProtectionCommand,
  PutRetentionPolicyCommand,
  TagLogGroupCommand,
  TagResourceCommand,
  UntagLogGroupCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { forEachDatabase } from "../../test/support/databases.ts";
import { createLogsClient } from "../../test/support/logs-client.ts";
import { useLogsWorld } from "../../test/support/logs-world.ts";
import { createSettableClock } from "../../test/support/settable-clock.ts";
import { arnOf, useLogCalls } from "./testing/log-calls.ts";

forEachDatabase((open) => {
  const clock = createSettableClock(Date.UTC(2026, 10, 21, 12));
  const world = useLogsWorld(open, clock);
  const calls = useLogCalls({ world, clock, createClient: createLogsClient });
  const { createGroup, createStream, describe, describeStreams, list, put } = calls;

  test("a new group is described with exactly the members of the real service", async () => {
    const { group } = calls;
    await createGroup();
    assert.deepEqual(await describe(), {
      logGroups: [
        {
          logGroupName: group,
          creationTime: clock.now(),
          metricFilterCount: 0,
          arn: `${arnOf(group)}:*`,
          storedBytes: 0,
          logGroupClass: "STANDARD",
          logGroupArn: arnOf(group),
          deletionProtectionEnabled: false,
          bearerTokenAuthenticationEnabled: false,
        },
      ],
    });
  });

  test("switches and retention show in the description, and the directory has them at once", async () => {
    const { aws, group, logs } = calls;
    await createGroup();
    const before = await logs.directory.find(group);
    assert.equal(before?.bearerEnabled, false);
    await aws.send(
      new PutBearerTokenAuthenticationCommand({
        logGroupIdentifier: arnOf(group),
        bearerTokenAuthenticationEnabled: true,
      }),
    );
    await aws.send(
      new PutLogGroupDeletionProtectionCommand({
        logGroupIdentifier: group,
        deletionProtectionEnabled: true,
      }),
    );
    await aws.send(new PutRetentionPolicyCommand({ logGroupName: group, retentionInDays: 30 }));
    const [described] = (await describe()).logGroups!;
    assert.equal(described?.bearerTokenAuthenticationEnabled, true);
    assert.equal(described?.deletionProtectionEnabled, true);
    assert.equal(described?.retentionInDays, 30);
    const entry = await logs.directory.find(group);
    assert.deepEqual([entry?.bearerEnabled, entry?.retentionDays], [true, 30]);
    for (let times = 0; times < 2; times++)
      await aws.send(new DeleteRetentionPolicyCommand({ logGroupName: group }));
    assert.equal((await describe()).logGroups?.[0]?.retentionInDays, undefined);
  });

  test("a protected group and its streams cannot be deleted; an unprotected one is gone at once", async () => {
    const { aws, group, logs } = calls;
    await createGroup(group, { deletionProtectionEnabled: true });
    await createStream("s");
    const removeGroup = () => aws.send(new DeleteLogGroupCommand({ logGroupName: group }));
    await assert.rejects(removeGroup(), {
      name: "ValidationException",
      message: /protected against deletion/,
    });
    await assert.rejects(aws.send(new DeleteLogStreamCommand({ logGroupName: group, logStreamName: "s" })), {
      name: "ValidationException",
    });
    await aws.send(
      new PutLogGroupDeletionProtectionCommand({
        logGroupIdentifier: group,
        deletionProtectionEnabled: false,
      }),
    );
    await removeGroup();
    assert.deepEqual(await describe(), { logGroups: [] });
    assert.equal(await logs.directory.find(group), undefined);
    await assert.rejects(removeGroup(), {
      name: "ResourceNotFoundException",
      message: "The specified log group does not exist.",
    });
    await createGroup();
    assert.deepEqual((await describeStreams()).logStreams, []);
  });

  test("a stream is described without its events' times until there are events", async () => {
    const { aws, group, logs } = calls;
    await createGroup();
    await createStream("s");
    const plain = {
      logStreamName: "s",
      creationTime: clock.now(),
      arn: `${arnOf(group)}:log-stream:s`,
      storedBytes: 0,
    };
    assert.deepEqual(await describeStreams(), { logStreams: [plain] });
    const { nextSequenceToken } = await put([
      { timestamp: clock.now() - 5_000, message: "a" },
      { timestamp: clock.now() - 4_000, message: "b" },
    ]);
    await logs.flush();
    assert.match(nextSequenceToken!, /^\d{56}$/);
    assert.deepEqual(await describeStreams(), {
      logStreams: [
        {
          ...plain,
          firstEventTimestamp: clock.now() - 5_000,
          lastEventTimestamp: clock.now() - 4_000,
          lastIngestionTime: clock.now(),
          uploadSequenceToken: nextSequenceToken,
        },
      ],
    });
    await aws.send(new DeleteLogStreamCommand({ logGroupName: group, logStreamName: "s" }));
    assert.deepEqual(await describeStreams(), { logStreams: [] });
    await createStream("s");
    assert.deepEqual(await describeStreams(), { logStreams: [{ ...plain, creationTime: clock.now() }] });
  });

  test("groups are listed in the order of bytes, page by page, each once", async () => {
    const { group, number } = calls;
    const names = ["Z", "_", "a", "B/", "a.b", "0"].map((end) => `${group}${end}`);
    for (const name of names) await createGroup(name);
    const seen: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await describe({
        logGroupNamePrefix: group,
        limit: 2,
        ...(nextToken ? { nextToken } : {}),
      });
      seen.push(...page.logGroups!.map(({ logGroupName }) => logGroupName!));
      nextToken = page.nextToken;
    } while (nextToken);
    assert.deepEqual(seen, [...names].sort());
    assert.deepEqual(
      (await describe({ logGroupNamePattern: `${number}a.` })).logGroups?.map((found) => found.logGroupName),
      [`${group}a.b`],
    );
    assert.deepEqual((await describe({ logGroupNamePattern: `${number}A` })).logGroups, []);
    const { logGroups } = await describe({
      logGroupIdentifiers: [`${group}Z`, arnOf(`${group}_`), `${group}missing`],
    });
    assert.deepEqual(
      logGroups?.map((found) => found.logGroupName),
      [`${group}Z`, `${group}_`],
    );
    assert.deepEqual(await describe({ accountIdentifiers: ["999999999999"] }), { logGroups: [] });
  });

  test("ListLogGroups takes beginnings, parts, alternatives and tags", async () => {
    const { group, number } = calls;
    await createGroup(`${group}/alpha`, { tags: { env: "prod" } });
    await createGroup(`${group}/beta`, { tags: { env: "test" }, logGroupClass: "INFREQUENT_ACCESS" });
    await createGroup(`${group}/gamma.x`);
    const names = async (input: ListLogGroupsCommandInput) =>
      (await list(input)).logGroups?.map(({ logGroupName }) => logGroupName?.slice(group.length));
    assert.deepEqual(await names({ logGroupNamePattern: `^${group}` }), ["/alpha", "/beta", "/gamma.x"]);
    assert.deepEqual(await names({ logGroupNamePattern: `^${group}/al|${number}/bet` }), ["/alpha", "/beta"]);
    assert.deepEqual(await names({ logGroupNamePattern: "^alpha" }), []);
    // A dot is a dot, as in names.
    assert.deepEqual(await names({ logGroupNamePattern: `${number}.gamma` }), []);
    const tagged = (...values: string[]) =>
      names({ logGroupNamePattern: `^${group}`, logGroupTags: [{ key: "env", values }] });
    assert.deepEqual(await tagged(), ["/alpha", "/beta"]);
    assert.deepEqual(await tagged("pr*"), ["/alpha"]);
    assert.deepEqual(await tagged("!*od"), ["/beta"]);
    assert.deepEqual(await names({ logGroupNamePattern: `^${group}`, logGroupClass: "INFREQUENT_ACCESS" }), [
      "/beta",
    ]);
    const first = await list({ logGroupNamePattern: `^${group}`, limit: 2 });
    assert.equal(first.logGroups?.length, 2);
    const rest = await list({ logGroupNamePattern: `^${group}`, limit: 2, nextToken: first.nextToken! });
    assert.deepEqual(rest.logGroups, [
      { logGroupName: `${group}/gamma.x`, logGroupArn: arnOf(`${group}/gamma.x`), logGroupClass: "STANDARD" },
    ]);
    assert.equal(rest.nextToken, undefined);
  });

  test("streams are listed by name and by their newest event, both ways, page by page", async () => {
    const { logs } = calls;
    await createGroup();
    for (const name of ["a", "b", "c", "d"]) {
      await createStream(name);
      if (name === "d") continue;
      const timestamp = clock.now() - (name === "b" ? 1_000 : 2_000);
      await put([{ timestamp, message: "x" }], { logStreamName: name });
    }
    await logs.flush();
    const all = async (input: Partial<DescribeLogStreamsCommandInput>) => {
      const names: string[] = [];
      let nextToken: string | undefined;
      do {
        const page = await describeStreams({ ...input, limit: 1, ...(nextToken ? { nextToken } : {}) });
        names.push(...page.logStreams!.map(({ logStreamName }) => logStreamName!));
        nextToken = page.nextToken;
      } while (nextToken);
      return names.join("");
    };
    assert.equal(await all({}), "abcd");
    assert.equal(await all({ descending: true }), "dcba");
    assert.equal(await all({ orderBy: "LastEventTime" }), "dacb");
    assert.equal(await all({ orderBy: "LastEventTime", descending: true }), "bcad");
    assert.equal(await all({ logStreamNamePrefix: "c" }), "c");
    const { nextToken } = await describeStreams({ limit: 1 });
    await assert.rejects(describeStreams({ limit: 1, nextToken: nextToken!, descending: true }), {
      name: "InvalidParameterException",
      message: "The specified nextToken is invalid.",
    });
  });

  test("tags are merged and taken away, by ARN and by name", async () => {
    const { aws, group } = calls;
    await createGroup(group, { tags: { a: "1", b: "2" } });
    const resourceArn = arnOf(group);
    await aws.send(new TagResourceCommand({ resourceArn, tags: { b: "3", c: "4" } }));
    await aws.send(new TagLogGroupCommand({ logGroupName: group, tags: { d: "" } }));
    const tags = async () => (await aws.send(new ListTagsForResourceCommand({ resourceArn }))).tags;
    assert.deepEqual(await tags(), { a: "1", b: "3", c: "4", d: "" });
    await aws.send(new UntagResourceCommand({ resourceArn, tagKeys: ["a", "nothing"] }));
    await aws.send(new UntagLogGroupCommand({ logGroupName: group, tags: ["c"] }));
    assert.deepEqual(await tags(), { b: "3", d: "" });
    const old = await aws.send(new ListTagsLogGroupCommand({ logGroupName: group }));
    assert.deepEqual(old.tags, { b: "3", d: "" });
    const many = Object.fromEntries(Array.from({ length: 49 }, (_, index) => [`k${index}`, "v"]));
    await assert.rejects(aws.send(new TagResourceCommand({ resourceArn, tags: many })), {
      name: "TooManyTagsException",
      resourceName: resourceArn,
    });
    const reserved = { name: "InvalidParameterException", message: /reserved for AWS/ };
    await assert.rejects(aws.send(new TagResourceCommand({ resourceArn, tags: { "aws:x": "v" } })), reserved);
    await assert.rejects(createGroup(`${group}/reserved`, { tags: { "AWS:x": "v" } }), reserved);
    assert.deepEqual(await tags(), { b: "3", d: "" });
  });
});
