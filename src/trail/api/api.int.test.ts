import assert from "node:assert/strict";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import type { Event } from "@aws-sdk/client-cloudtrail";
import {
  callApi,
  type Harness,
  keyUse,
  managementEvent,
  openHarness,
  questionsOf,
} from "../../../test/support/trail.ts";
import type { Trail } from "../index.ts";

const start = Date.UTC(2026, 10, 21, 1, 2, 3);
const day = 86_400_000;
const arnOf = (name: string) => `arn:aws:cloudtrail:us-east-1:000000000000:trail/${name}`;

let harness: Harness;
let trail: Trail;
before(async () => {
  harness = await openHarness(start);
  trail = harness.open();
});
after(() => harness.dispose());

const call = (name: string, input: object) => callApi(trail, name, input);
const create = (Name = "main", more: object = {}) =>
  call("CreateTrail", { Name, S3BucketName: "audit-bucket", ...more });
const refuses = (code: string, message: RegExp, result: Promise<unknown>) =>
  assert.rejects(
    result,
    (error: { code?: string; message?: string }) => error.code === code && message.test(error.message ?? ""),
    `${code} ${message}`,
  );

describe("trails", () => {
  afterEach(async () => {
    const { Trails } = await callApi<{ Trails: { Name: string }[] }>(trail, "ListTrails", {});
    for (const { Name } of Trails) await call("DeleteTrail", { Name });
  });

  test("are made with AWS's defaults, found by name and ARN, and gone when deleted", async () => {
    const expected = {
      Name: "main",
      S3BucketName: "audit-bucket",
      S3KeyPrefix: "audit",
      IncludeGlobalServiceEvents: true,
      IsMultiRegionTrail: false,
      TrailARN: arnOf("main"),
      LogFileValidationEnabled: false,
      IsOrganizationTrail: false,
    };
    assert.deepEqual(await create("main", { S3KeyPrefix: "audit" }), expected);
    assert.ok((await stat(join(harness.directory, "buckets", "audit-bucket"))).isDirectory());
    const described = {
      ...expected,
      HomeRegion: "us-east-1",
      HasCustomEventSelectors: false,
      HasInsightSelectors: false,
    };
    assert.deepEqual(await call("GetTrail", { Name: arnOf("main") }), { Trail: described });
    assert.deepEqual(await call("DescribeTrails", {}), { trailList: [described] });
    assert.deepEqual(await call("DescribeTrails", { trailNameList: ["other", arnOf("main")] }), {
      trailList: [described],
    });
    assert.deepEqual(await call("ListTrails", {}), {
      Trails: [{ TrailARN: arnOf("main"), Name: "main", HomeRegion: "us-east-1" }],
    });
    assert.deepEqual(await call("DeleteTrail", { Name: "main" }), {});
    const gone =
      /^Unknown trail: arn:aws:cloudtrail:us-east-1:000000000000:trail\/main for the user: 000000000000$/;
    for (const name of [
      "GetTrail",
      "GetTrailStatus",
      "StartLogging",
      "StopLogging",
      "DeleteTrail",
      "UpdateTrail",
    ])
      await refuses("TrailNotFoundException", gone, call(name, { Name: "main" }));
    for (const name of ["GetEventSelectors", "PutEventSelectors"])
      await refuses("TrailNotFoundException", gone, call(name, { TrailName: "main", EventSelectors: [{}] }));
  });

  test("are five at most, and no two of one name, even when they are made at once", async () => {
    const results = await Promise.allSettled([
      ...Array.from({ length: 6 }, (_, index) => create(`trail-${index}`)),
      create("trail-0"),
    ]);
    const codes = results.flatMap((result) => (result.status === "rejected" ? [result.reason.code] : []));
    assert.equal(codes.length, 2, String(codes));
    assert.ok(
      codes.includes("TrailAlreadyExistsException") ||
        codes.includes("MaximumNumberOfTrailsExceededException"),
    );
    await refuses(
      "MaximumNumberOfTrailsExceededException",
      /^User: 000000000000 already has 5 trails in us-east-1\.$/,
      create("one-more"),
    );
    const { Trails } = await callApi<{ Trails: { Name: string }[] }>(trail, "ListTrails", {});
    await refuses(
      "TrailAlreadyExistsException",
      /^Trail .+ already exists for customer: 000000000000$/,
      create(Trails[0]?.Name),
    );
  });

  test("are refused what could not be kept, and made of nothing that leads elsewhere", async () => {
    for (const [code, more] of [
      ["InvalidTrailNameException", { Name: "a" }],
      ["InvalidS3BucketNameException", { S3BucketName: "../escape" }],
      ["InvalidS3PrefixException", { S3KeyPrefix: "a/../../b" }],
      ["InvalidSnsTopicNameException", { SnsTopicName: "topic" }],
      ["CloudWatchLogsDeliveryUnavailableException", { CloudWatchLogsLogGroupArn: "arn" }],
      ["CloudWatchLogsDeliveryUnavailableException", { CloudWatchLogsRoleArn: "arn" }],
      ["InvalidKmsKeyIdException", { KmsKeyId: "alias/key" }],
      ["OrganizationsNotInUseException", { IsOrganizationTrail: true }],
      ["UnsupportedOperationException", { EnableLogFileValidation: true }],
      [
        "InvalidParameterCombinationException",
        { IsMultiRegionTrail: true, IncludeGlobalServiceEvents: false },
      ],
      ["InvalidTagParameterException", { TagsList: [{ Key: "aws:x", Value: "" }] }],
    ] as const)
      await refuses(code, /./, create("main", more));
    await writeFile(join(harness.directory, "buckets", "just-a-file"), "");
    await refuses(
      "S3BucketDoesNotExistException",
      /^S3 bucket just-a-file does not exist, and a folder could not be made for it \(E\w+\)\.$/,
      create("main", { S3BucketName: "just-a-file" }),
    );
    assert.deepEqual(await call("ListTrails", {}), { Trails: [] });
    await create("main", { EnableLogFileValidation: false, KmsKeyId: "", IsOrganizationTrail: false });
  });

  test("are changed in what is given, and in nothing else", async () => {
    await create("main", { S3KeyPrefix: "one" });
    const bucketChanged = await call("UpdateTrail", { Name: arnOf("main"), S3BucketName: "other-bucket" });
    assert.deepEqual(
      [bucketChanged.S3BucketName, bucketChanged.S3KeyPrefix, bucketChanged.TrailARN],
      ["other-bucket", "one", arnOf("main")],
    );
    const changed = await call("UpdateTrail", { Name: "main", S3KeyPrefix: "", IsMultiRegionTrail: true });
    assert.deepEqual(
      [changed.S3BucketName, changed.S3KeyPrefix, changed.IsMultiRegionTrail],
      ["other-bucket", undefined, true],
    );
    await refuses(
      "InvalidParameterCombinationException",
      /Multi-Region/,
      call("UpdateTrail", { Name: "main", IncludeGlobalServiceEvents: false }),
    );
  });

  test("have selectors that replace the earlier ones", async () => {
    await create();
    const basic = {
      ReadWriteType: "All",
      IncludeManagementEvents: true,
      DataResources: [],
      ExcludeManagementEventSources: [],
    };
    assert.deepEqual(await call("GetEventSelectors", { TrailName: "main" }), {
      TrailARN: arnOf("main"),
      EventSelectors: [basic],
    });
    const advanced = [{ Name: "Keys", FieldSelectors: [{ Field: "eventCategory", Equals: ["Management"] }] }];
    const put = { TrailARN: arnOf("main"), AdvancedEventSelectors: advanced };
    assert.deepEqual(
      await call("PutEventSelectors", { TrailName: "main", AdvancedEventSelectors: advanced }),
      put,
    );
    assert.deepEqual(await call("GetEventSelectors", { TrailName: arnOf("main") }), put);
    await call("PutEventSelectors", { TrailName: "main", EventSelectors: [{ ReadWriteType: "WriteOnly" }] });
    assert.deepEqual(await call("GetEventSelectors", { TrailName: "main" }), {
      TrailARN: arnOf("main"),
      EventSelectors: [{ ...basic, ReadWriteType: "WriteOnly" }],
    });
    const { Trail } = await callApi<{ Trail: { HasCustomEventSelectors: boolean } }>(trail, "GetTrail", {
      Name: "main",
    });
    assert.equal(Trail.HasCustomEventSelectors, true);
    await refuses(
      "InvalidEventSelectorsException",
      /At least one/,
      call("PutEventSelectors", { TrailName: "main" }),
    );
  });

  test("say since when they log", async () => {
    await create();
    const fresh = {
      IsLogging: false,
      LatestDeliveryAttemptTime: "",
      LatestNotificationAttemptTime: "",
      LatestNotificationAttemptSucceeded: "",
      LatestDeliveryAttemptSucceeded: "",
      TimeLoggingStarted: "",
      TimeLoggingStopped: "",
    };
    assert.deepEqual(await call("GetTrailStatus", { Name: "main" }), fresh);
    await call("StopLogging", { Name: "main" });
    assert.deepEqual(await call("GetTrailStatus", { Name: "main" }), fresh);
    assert.deepEqual(await call("StartLogging", { Name: arnOf("main") }), {});
    await call("StartLogging", { Name: "main" });
    await call("StopLogging", { Name: "main" });
    assert.deepEqual(await call("GetTrailStatus", { Name: "main" }), {
      ...fresh,
      StartLoggingTime: new Date(start),
      StopLoggingTime: new Date(start),
      TimeLoggingStarted: "2026-11-21T01:02:03Z",
      TimeLoggingStopped: "2026-11-21T01:02:03Z",
    });
  });

  test("have tags", async () => {
    await create("main", { TagsList: [{ Key: "team", Value: "a" }] });
    const ResourceId = arnOf("main");
    await call("AddTags", { ResourceId, TagsList: [{ Key: "team", Value: "b" }, { Key: "env" }] });
    await call("RemoveTags", { ResourceId, TagsList: [{ Key: "none" }] });
    assert.deepEqual(await call("ListTags", { ResourceIdList: [ResourceId] }), {
      ResourceTagList: [
        {
          ResourceId,
          TagsList: [
            { Key: "team", Value: "b" },
            { Key: "env", Value: "" },
          ],
        },
      ],
    });
    await call("RemoveTags", { ResourceId, TagsList: [{ Key: "team" }] });
    const many = Array.from({ length: 49 }, (_, index) => ({ Key: `key-${index}`, Value: "" }));
    await call("AddTags", { ResourceId, TagsList: many });
    await refuses(
      "TagsLimitExceededException",
      /up to 50/,
      call("AddTags", { ResourceId, TagsList: [{ Key: "one-more" }] }),
    );
    await refuses(
      "ResourceNotFoundException",
      /other/,
      call("ListTags", { ResourceIdList: [arnOf("other")] }),
    );
    await refuses("CloudTrailARNInvalidException", /main/, call("ListTags", { ResourceIdList: ["main"] }));
    await refuses("InvalidParameterException", /1 to 20/, call("ListTags", { ResourceIdList: [] }));
  });
});

test("a policy has to allow the action on the trail, or on everything where there is no trail", async () => {
  assert.deepEqual(await questionsOf(trail, "CreateTrail", { Name: "main", TagsList: [{ Key: "a" }] }), [
    `cloudtrail:CreateTrail ${arnOf("main")}`,
    `cloudtrail:AddTags ${arnOf("main")}`,
  ]);
  for (const [name, input] of [
    ["DeleteTrail", { Name: arnOf("main") }],
    ["GetTrailStatus", { Name: "main" }],
    ["PutEventSelectors", { TrailName: "main" }],
    ["AddTags", { ResourceId: arnOf("main") }],
    ["ListTags", { ResourceIdList: [arnOf("main")] }],
  ] as const)
    assert.deepEqual(await questionsOf(trail, name, input), [`cloudtrail:${name} ${arnOf("main")}`]);
  for (const name of ["DescribeTrails", "ListTrails", "LookupEvents"])
    assert.deepEqual(await questionsOf(trail, name, {}), [`cloudtrail:${name} *`]);
});

test("a null in a list is a mistake of the caller", async () => {
  const named = (member: object) => ({ TrailName: "main", AdvancedEventSelectors: [member] });
  for (const [name, input, path] of [
    ["PutEventSelectors", { TrailName: "main", EventSelectors: [null] }, "eventSelectors.1.member"],
    [
      "PutEventSelectors",
      named({ FieldSelectors: [{ Field: "eventCategory", Equals: ["Management", null] }] }),
      "advancedEventSelectors.1.member.fieldSelectors.1.member.equals.2.member",
    ],
    ["CreateTrail", { Name: "main", TagsList: [null] }, "tagsList.1.member"],
    ["ListTags", { ResourceIdList: [null] }, "resourceIdList.1.member"],
    ["DescribeTrails", { trailNameList: [null] }, "trailNameList.1.member"],
  ] as const)
    await refuses("ValidationException", new RegExp(`null at '${path}'`), questionsOf(trail, name, input));
});

describe("LookupEvents", () => {
  interface Page {
    readonly Events: Event[];
    readonly NextToken?: string;
  }
  const lookUp = (input: object = {}) => callApi<Page>(trail, "LookupEvents", input);
  const of = (AttributeKey: string, AttributeValue: string) => ({
    LookupAttributes: [{ AttributeKey, AttributeValue }],
  });

  before(async () => {
    for (let index = 0; index < 5; index++) {
      await trail.recorder.write(
        managementEvent(harness.clock, { requestId: `request-${index}` }),
        index === 0 ? { errorCode: "AccessDenied", errorMessage: "No." } : {},
      );
      harness.clock.advance(700);
    }
    trail.recorder.note(keyUse(harness.clock), {});
    await trail.flush();
  });

  test("gives management events only, newest first, with the record as text", async () => {
    const { Events, NextToken } = await lookUp();
    assert.equal(NextToken, undefined);
    const records = Events.map(({ CloudTrailEvent = "" }) => JSON.parse(CloudTrailEvent));
    assert.deepEqual(
      records.map(({ requestID }) => requestID),
      ["request-4", "request-3", "request-2", "request-1", "request-0"],
    );
    const { CloudTrailEvent: _text, EventId, ...oldest } = Events.at(-1) as Event;
    assert.equal(EventId, records.at(-1).eventID);
    assert.equal(records.at(-1).errorCode, "AccessDenied");
    assert.deepEqual(oldest, {
      EventName: "CreateUser",
      ReadOnly: "false",
      AccessKeyId: "AKIDALICE",
      EventTime: new Date(start),
      EventSource: "iam.amazonaws.com",
      Username: "alice",
      Resources: [{ ResourceType: "AWS::IAM::User", ResourceName: "bob" }],
    });
  });

  test("finds by each attribute", async () => {
    const [newest] = (await lookUp()).Events;
    assert.equal((await lookUp(of("EventId", newest?.EventId ?? ""))).Events.length, 1);
    for (const [key, value, other] of [
      ["EventName", "CreateUser", "createuser"],
      ["ReadOnly", "false", "true"],
      ["Username", "alice", "bob"],
      ["ResourceType", "AWS::IAM::User", "AWS::IAM::Role"],
      ["ResourceName", "bob", "alice"],
      ["ResourceName", "arn:aws:iam::000000000000:user/bob", "user/bob"],
      ["EventSource", "iam.amazonaws.com", "logs.amazonaws.com"],
      ["AccessKeyId", "AKIDALICE", "AKIDBOB"],
    ] as const) {
      assert.equal((await lookUp(of(key, value))).Events.length, 5, key);
      assert.equal((await lookUp(of(key, other))).Events.length, 0, key);
    }
  });

  test("pages through with a token that fits its question only", async () => {
    const seen: unknown[] = [];
    const question = { ...of("Username", "alice"), MaxResults: 2 };
    let NextToken: string | undefined;
    do {
      const page: Page = await lookUp({ ...question, ...(NextToken && { NextToken }) });
      seen.push(...page.Events.map(({ EventId }) => EventId));
      NextToken = page.NextToken;
      if (NextToken)
        await refuses(
          "InvalidNextTokenException",
          /different parameters/,
          lookUp({ NextToken, MaxResults: 2 }),
        );
    } while (NextToken);
    assert.deepEqual(
      seen,
      (await lookUp()).Events.map(({ EventId }) => EventId),
    );
    for (const token of ["", "x", Buffer.from('[1,"x","y"]').toString("base64url")])
      await refuses("InvalidNextTokenException", /not valid/, lookUp({ NextToken: token }));
  });

  test("takes both ends of a range, in seconds as events show them", async () => {
    const second = new Date(start + 1_000);
    const found = await lookUp({ StartTime: second, EndTime: second });
    assert.deepEqual(
      found.Events.map(({ EventTime }) => EventTime),
      [second],
    );
    assert.equal((await lookUp({ StartTime: new Date(start + 3_600_000) })).Events.length, 0);
  });

  test("refuses what AWS refuses", async () => {
    const at = new Date(start);
    for (const [code, input] of [
      ["InvalidMaxResultsException", { MaxResults: 0 }],
      ["InvalidMaxResultsException", { MaxResults: 51 }],
      ["InvalidTimeRangeException", { StartTime: new Date(start + 2_000), EndTime: at }],
      ["InvalidLookupAttributesException", of("Region", "x")],
      ["InvalidLookupAttributesException", of("EventName", "")],
      ["InvalidLookupAttributesException", of("ReadOnly", "yes")],
      [
        "InvalidLookupAttributesException",
        {
          LookupAttributes: [
            ...of("EventName", "a").LookupAttributes,
            ...of("Username", "b").LookupAttributes,
          ],
        },
      ],
      ["InvalidEventCategoryException", { EventCategory: "insight" }],
    ] as const)
      await refuses(code, /./, lookUp(input));
  });

  test("shows a call without outcome after a minute, and that its outcome is not known", async () => {
    await trail.recorder.begin(managementEvent(harness.clock, { eventName: "DeleteUser" }));
    assert.equal((await lookUp(of("EventName", "DeleteUser"))).Events.length, 0);
    harness.clock.advance(61_000);
    const [event] = (await lookUp(of("EventName", "DeleteUser"))).Events;
    assert.equal(JSON.parse(event?.CloudTrailEvent ?? "").errorCode, "OutcomeUnknown");
  });

  test("ends with the retention, and so do the records", async () => {
    const old = managementEvent(harness.clock, { eventName: "TagUser", eventTimeMs: start - 91 * day });
    await trail.recorder.write(old, {});
    assert.equal((await lookUp(of("EventName", "TagUser"))).Events.length, 0);
    const longer = harness.open({ retentionDays: 100 });
    const count = async () =>
      (await callApi<Page>(longer, "LookupEvents", of("EventName", "TagUser"))).Events.length;
    assert.equal(await count(), 1);
    await longer.dropExpired();
    assert.equal(await count(), 1);
    // A clock that has jumped ahead drops nothing.
    const now = () => harness.clock.now() + 400 * day;
    await harness.open({ retentionDays: 100, clock: { ...harness.clock, now } }).dropExpired();
    assert.equal(await count(), 1);
    await trail.dropExpired();
    assert.equal(await count(), 0);
  });
});
