import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  type DescribeLogGroupsCommandInput,
  DescribeLogStreamsCommand,
  type DescribeLogStreamsCommandInput,
  ListLogGroupsCommand,
  type ListLogGroupsCommandInput,
  ListTagsForResourceCommand,
  ListTagsLogGroupCommand,
  PutBearerTokenAuthenticationCommand,
  PutLogEventsCommand,
  type PutLogEventsCommandInput,
  PutLogGroupDeletionProtectionCommand,
  PutRetentionPolicyCommand,
  TagLogGroupCommand,
  TagResourceCommand,
  UntagLogGroupCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { forEachDatabase } from "../../test/support/databases.ts";
import { createLogsClient, sendJson } from "../../test/support/logs-client.ts";
import { useLogsWorld } from "../../test/support/logs-world.ts";
import { createSettableClock } from "../../test/support/settable-clock.ts";
import type { AccessQuestion } from "../contract/index.ts";
import type { Logs } from "./index.ts";

const now = Date.UTC(2026, 10, 21, 12);
const day = 86_400_000;
const arnOf = (name: string) => `arn:aws:logs:eu-west-1:111122223333:log-group:${name}`;

forEachDatabase((open) => {
  const clock = createSettableClock(now);
  const world = useLogsWorld(open, clock);
  let logs: Logs;
  let aws: CloudWatchLogsClient;
  let asked: AccessQuestion[];
  let number = 0;
  /** Of this test alone. */
  let group: string;

  beforeEach(async () => {
    clock.advance(1_000);
    asked = [];
    number += 1;
    group = `/test/${number}`;
    logs = world.openLogs();
    aws = createLogsClient(logs.api, asked);
  });

  const createGroup = (name = group, more: object = {}) =>
    aws.send(new CreateLogGroupCommand({ logGroupName: name, ...more }));
  const createStream = (logStreamName: string) =>
    aws.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName }));
  const describe = async (input: DescribeLogGroupsCommandInput = { logGroupNamePrefix: group }) => {
    const { $metadata, ...output } = await aws.send(new DescribeLogGroupsCommand(input));
    return output;
  };
  const describeStreams = async (input: Partial<DescribeLogStreamsCommandInput> = {}) => {
    const { $metadata, ...output } = await aws.send(
      new DescribeLogStreamsCommand({ logGroupName: group, ...input }),
    );
    return output;
  };
  const list = async (input: ListLogGroupsCommandInput) => {
    const { $metadata, ...output } = await aws.send(new ListLogGroupsCommand(input));
    return output;
  };
  const put = (logEvents: PutLogEventsCommandInput["logEvents"], more: object = {}) =>
    aws.send(new PutLogEventsCommand({ logGroupName: group, logStreamName: "s", logEvents, ...more }));

  test("a new group is described with exactly the members of the real service", async () => {
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

  test("events too old, expired and too new are told by their indexes, and the others are stored", async () => {
    await createGroup();
    await createStream("s");
    await aws.send(new PutRetentionPolicyCommand({ logGroupName: group, retentionInDays: 1 }));
    const at = (ms: number) => ({ timestamp: clock.now() + ms, message: String(ms) });
    const output = await put([
      at(-15 * day),
      at(-14 * day - 1),
      at(-3 * day),
      at(-day - 1),
      at(-1_000),
      at(0),
      at(7_200_001),
      at(9_000_000),
    ]);
    assert.deepEqual(output.rejectedLogEventsInfo, {
      tooOldLogEventEndIndex: 2,
      expiredLogEventEndIndex: 4,
      tooNewLogEventStartIndex: 6,
    });
    await logs.flush();
    const [stream] = (await describeStreams()).logStreams!;
    assert.deepEqual(
      [stream?.firstEventTimestamp, stream?.lastEventTimestamp],
      [clock.now() - 1_000, clock.now()],
    );
    const none = await put([at(9_000_000)]);
    assert.deepEqual(none.rejectedLogEventsInfo, { tooNewLogEventStartIndex: 0 });
  });

  test("valid events may span 24 hours, and rejected ones do not count", async () => {
    await createGroup();
    await createStream("s");
    const end = clock.now();
    const message = "x";
    await put([
      { timestamp: end - 20 * day, message },
      { timestamp: end - day, message },
      { timestamp: end, message },
    ]);
    await assert.rejects(
      put([
        { timestamp: end - day - 1, message },
        { timestamp: end, message },
      ]),
      {
        name: "InvalidParameterException",
        message: "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.",
      },
    );
    await assert.rejects(
      put([
        { timestamp: end, message },
        { timestamp: end - 1, message },
      ]),
      {
        name: "InvalidParameterException",
        message: "Log events in a single PutLogEvents request must be in chronological order.",
      },
    );
  });

  test("an event counts 26 bytes more than its message has in UTF-8, and both limits hold exactly", async () => {
    await createGroup();
    await createStream("s");
    const timestamp = clock.now();
    const full = "é".repeat((1_048_576 - 26) / 2);
    await put([{ timestamp, message: full }]);
    await assert.rejects(put([{ timestamp, message: `${full}é` }]), {
      name: "InvalidParameterException",
      message: "Log event too large: 1048578 bytes exceeds limit of 1048576",
    });
    await assert.rejects(
      put([
        { timestamp, message: full },
        { timestamp, message: "x" },
      ]),
      {
        message: "Upload too large: 1048603 bytes exceeds limit of 1048576",
      },
    );
  });

  test("a bad entity is told and costs no event", async () => {
    await createGroup();
    await createStream("s");
    const events = [{ timestamp: clock.now(), message: "x" }];
    const good = { keyAttributes: { Type: "Service", Name: "web", Environment: "prod" } };
    assert.equal((await put(events, { entity: good })).rejectedEntityInfo, undefined);
    const bad = await put(events, { entity: { keyAttributes: { Type: "Thing", Name: "web" } } });
    assert.deepEqual(bad.rejectedEntityInfo, { errorType: "InvalidTypeValue" });
    assert.match(bad.nextSequenceToken!, /^\d{56}$/);
  });

  test("what is not there is refused in AWS's words, the group before the stream", async () => {
    const events = [{ timestamp: clock.now(), message: "x" }];
    const noGroup = { name: "ResourceNotFoundException", message: "The specified log group does not exist." };
    const noStream = {
      name: "ResourceNotFoundException",
      message: "The specified log stream does not exist.",
    };
    await assert.rejects(put(events), noGroup);
    await assert.rejects(createStream("s"), noGroup);
    await assert.rejects(describeStreams(), noGroup);
    await assert.rejects(
      aws.send(new PutRetentionPolicyCommand({ logGroupName: group, retentionInDays: 1 })),
      noGroup,
    );
    await assert.rejects(aws.send(new ListTagsForResourceCommand({ resourceArn: arnOf(group) })), noGroup);
    await createGroup();
    await assert.rejects(put(events), noStream);
    await assert.rejects(
      aws.send(new DeleteLogStreamCommand({ logGroupName: group, logStreamName: "s" })),
      noStream,
    );
    await assert.rejects(createGroup(), {
      name: "ResourceAlreadyExistsException",
      message: "The specified log group already exists",
    });
    await createStream("s");
    await assert.rejects(createStream("s"), {
      name: "ResourceAlreadyExistsException",
      message: "The specified log stream already exists",
    });
  });

  test("bad parameters are refused in AWS's words", async () => {
    const refused = (send: Promise<unknown>, message: string | RegExp) =>
      assert.rejects(send, { name: "InvalidParameterException", message });
    const detected = "1 validation error detected: Value";
    const failed = "failed to satisfy constraint: Member must";
    await refused(
      createGroup("bad name"),
      `${detected} 'bad name' at 'logGroupName' ${failed} satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`,
    );
    await refused(
      createGroup(""),
      `${detected} '' at 'logGroupName' ${failed} have length greater than or equal to 1`,
    );
    await refused(
      createGroup("x".repeat(513)),
      `${detected} '${"x".repeat(513)}' at 'logGroupName' ${failed} have length less than or equal to 512`,
    );
    await refused(createGroup("aws/mine"), "Log groups starting with AWS/ are reserved for AWS.");
    await refused(createGroup(group, { kmsKeyId: "arn:aws:kms:…" }), /^kmsKeyId is not supported/);
    await refused(
      createGroup(group, { logGroupClass: "GOLD" }),
      `${detected} 'GOLD' at 'logGroupClass' ${failed} satisfy enum value set: [STANDARD, INFREQUENT_ACCESS, DELIVERY]`,
    );
    await refused(
      createGroup(group, { tags: { "a\u0000": "x" } }),
      /at 'tags' .* Map keys must satisfy constraint/,
    );
    await createGroup();
    await refused(
      createStream("a:b"),
      `${detected} 'a:b' at 'logStreamName' ${failed} satisfy regular expression pattern: [^:*]*`,
    );
    await refused(createStream("nul\u0000"), /regular expression pattern: \[\^:\*\]\*$/);
    await refused(
      aws.send(new PutRetentionPolicyCommand({ logGroupName: group, retentionInDays: 2 })),
      new RegExp(`^${detected} '2' at 'retentionInDays' ${failed} satisfy enum value set: \\[1, 3, 5,`),
    );
    await refused(
      describe({ limit: 51 }),
      `${detected} '51' at 'limit' ${failed} have value less than or equal to 50`,
    );
    await refused(
      describe({ limit: 0 }),
      `${detected} '0' at 'limit' ${failed} have value greater than or equal to 1`,
    );
    await assert.rejects(describe({ limit: 1.5 }), { name: "SerializationException" });
    await refused(
      aws.send(new UntagLogGroupCommand({ logGroupName: group, tags: [] })),
      `${detected} '[]' at 'tags' ${failed} have length greater than or equal to 1`,
    );
    await refused(
      aws.send(
        new PutLogEventsCommand({
          logGroupName: group,
          logStreamName: "s",
          sequenceToken: "",
          logEvents: [{ timestamp: 1, message: "m" }],
        }),
      ),
      `${detected} '' at 'sequenceToken' ${failed} have length greater than or equal to 1`,
    );
    await refused(describe({ nextToken: "made up" }), "The specified nextToken is invalid.");
    await refused(
      describe({ logGroupNamePrefix: "a", logGroupNamePattern: "b" }),
      "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
    );
    await refused(
      describe({ logGroupIdentifiers: [group], logGroupNamePrefix: "a" }),
      "logGroupIdentifiers cannot be combined with another filter.",
    );
    await refused(
      describe({ logGroupIdentifiers: ["arn:aws:logs:eu-west-1:999999999999:log-group:x"] }),
      /does not name a log group of account 111122223333 in eu-west-1/,
    );
    await refused(list({ logGroupNamePattern: "a*c" }), /at 'logGroupNamePattern'/);
    await refused(list({ fieldIndexNames: ["x"] }), /not supported/);
    await refused(
      describeStreams({ logStreamNamePrefix: "a", orderBy: "LastEventTime" }),
      "Cannot order by LastEventTime with a logStreamNamePrefix.",
    );
    await refused(
      describeStreams({ orderBy: "Size" as never }),
      `${detected} 'Size' at 'orderBy' ${failed} satisfy enum value set: [LogStreamName, LastEventTime]`,
    );
    await refused(
      describeStreams({ logGroupIdentifier: group }),
      "Should provider either name or id, but not both",
    );
    await refused(
      createGroup("bad name", { logGroupClass: "GOLD" }),
      /^2 validation errors detected: Value 'bad name' .*; Value 'GOLD' at /,
    );
    await refused(
      aws.send(new TagResourceCommand({ resourceArn: "arn:aws:s3:::bucket", tags: { a: "b" } })),
      /does not name a log group/,
    );
    await createStream("s");
    await refused(
      put([]),
      `${detected} '[]' at 'logEvents' ${failed} have length greater than or equal to 1`,
    );
    await refused(
      put(Array.from({ length: 10_001 }, () => ({ timestamp: clock.now(), message: "x" }))),
      `${detected} '[10001 members]' at 'logEvents' ${failed} have length less than or equal to 10000`,
    );
    await refused(
      put([{ timestamp: clock.now(), message: "" }]),
      `${detected} '' at 'logEvents.1.member.message' ${failed} have length greater than or equal to 1`,
    );
    await refused(
      put([{ timestamp: -1, message: "x" }]),
      `${detected} '-1' at 'logEvents.1.member.timestamp' ${failed} have value greater than or equal to 0`,
    );
  });

  test("null in a list or a map is refused, not taken for a value", async () => {
    await createGroup();
    await createStream("s");
    const event = { logGroupName: group, logStreamName: "s" };
    const bodies: [string, object][] = [
      ["DescribeLogGroups", { logGroupIdentifiers: [null] }],
      ["DescribeLogGroups", { accountIdentifiers: [null] }],
      ["ListLogGroups", { logGroupTags: [null] }],
      ["ListLogGroups", { logGroupTags: [{ key: "a", values: [null] }] }],
      ["TagResource", { resourceArn: arnOf(group), tags: { a: null } }],
      ["UntagResource", { resourceArn: arnOf(group), tagKeys: [null] }],
      ["PutLogEvents", { ...event, logEvents: [null] }],
    ];
    for (const [operation, body] of bodies) {
      const answer = await sendJson(logs.api, operation, body);
      assert.equal(answer.status, 400, operation);
      assert.match(answer.body, /InvalidParameterException/, operation);
    }
    const entity = { keyAttributes: { Type: "Service", Name: null } };
    const logEvents = [{ timestamp: clock.now(), message: "x" }];
    const kept = await sendJson(logs.api, "PutLogEvents", { ...event, logEvents, entity });
    assert.match(kept.body, /"rejectedEntityInfo":\{"errorType":"InvalidKeyAttributes"\}/);
  });

  test("a server keeps a bounded number of groups", async () => {
    const { logGroups } = await describe({});
    aws = createLogsClient(world.openLogs({ groupsMax: logGroups!.length }).api);
    await assert.rejects(createGroup(), { name: "LimitExceededException" });
    aws = createLogsClient(world.openLogs({ groupsMax: logGroups!.length + 1 }).api);
    await createGroup();
  });

  test("policies are asked about the resources that AWS's denials name, with the tags on both sides", async () => {
    await createGroup(group, { tags: { team: "a" } });
    const context = { "aws:ResourceTag/team": "a" };
    const requested = { "aws:RequestTag/team": "a", "aws:TagKeys": ["team"] };
    assert.deepEqual(asked, [
      { action: "logs:CreateLogGroup", resource: `${arnOf(group)}:log-stream:`, context: requested },
      { action: "logs:TagResource", resource: arnOf(group), context: requested },
    ]);
    const question = async (send: () => Promise<unknown>) => {
      asked.length = 0;
      await send();
      return asked;
    };
    assert.deepEqual(await question(() => createStream("s")), [
      { action: "logs:CreateLogStream", resource: `${arnOf(group)}:log-stream:s`, context },
    ]);
    assert.deepEqual(await question(() => put([{ timestamp: clock.now(), message: "x" }])), [
      { action: "logs:PutLogEvents", resource: `${arnOf(group)}:log-stream:s`, context },
    ]);
    assert.deepEqual(await question(() => describe()), [
      { action: "logs:DescribeLogGroups", resource: `${arnOf("")}:log-stream:` },
    ]);
    const untag = new UntagResourceCommand({ resourceArn: arnOf(group), tagKeys: ["x"] });
    assert.deepEqual(await question(() => aws.send(untag)), [
      { action: "logs:UntagResource", resource: arnOf(group), context: { ...context, "aws:TagKeys": ["x"] } },
    ]);
    const byArn = new PutBearerTokenAuthenticationCommand({
      logGroupIdentifier: arnOf(group),
      bearerTokenAuthenticationEnabled: true,
    });
    assert.deepEqual(await question(() => aws.send(byArn)), [
      { action: "logs:PutBearerTokenAuthentication", resource: `${arnOf(group)}:log-stream:`, context },
    ]);
  });
});
