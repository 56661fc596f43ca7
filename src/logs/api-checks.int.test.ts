import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CreateLogGroupCommand,
  DeleteLogStreamCommand,
  ListTagsForResourceCommand,
  PutBearerTokenAuthenticationCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagLogGroupCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { forEachDatabase } from "../../test/support/databases.ts";
import { createLogsClient, sendJson } from "../../test/support/logs-client.ts";
import { useLogsWorld } from "../../test/support/logs-world.ts";
import { createSettableClock } from "../../test/support/settable-clock.ts";
import { arnOf, useLogCalls } from "./testing/log-calls.ts";

const day = 86_400_000;

forEachDatabase((open) => {
  const clock = createSettableClock(Date.UTC(2026, 10, 21, 12));
  const world = useLogsWorld(open, clock);
  const calls = useLogCalls({ world, clock, createClient: createLogsClient });
  const { createGroup, createStream, describe, describeStreams, list, put } = calls;

  test("events too old, expired and too new are told by their indexes, and the others are stored", async () => {
    const { aws, group, logs } = calls;
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
    const { aws, group } = calls;
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
    const { aws, group } = calls;
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
    const { group, logs } = calls;
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
    const { group } = calls;
    const { logGroups } = await describe({});
    const createWith = (groupsMax: number) =>
      createLogsClient(world.openLogs({ groupsMax }).api).send(
        new CreateLogGroupCommand({ logGroupName: group }),
      );
    await assert.rejects(createWith(logGroups!.length), { name: "LimitExceededException" });
    await createWith(logGroups!.length + 1);
  });

  test("policies are asked about the resources that AWS's denials name, with the tags on both sides", async () => {
    const { asked, aws, group } = calls;
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
