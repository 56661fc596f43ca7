import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TrailEventInput } from "../contract/index.ts";
import { trailIdentityOf } from "./identity.ts";
import { buildRecord, shortNameOf, toRow, withUnknownOutcome } from "./record.ts";

const origin = { accountId: "000000000000", region: "us-east-1" };
const eventId = "0b1b1c1e-0000-4000-8000-000000000001";
const groupArn = "arn:aws:logs:us-east-1:000000000000:log-group:/app/orders";

const tokenUse: TrailEventInput = {
  eventTimeMs: Date.UTC(2026, 10, 21, 1, 2, 3, 999),
  eventSource: "logs.amazonaws.com",
  eventName: "CallWithBearerToken",
  userIdentity: {
    type: "IAMUser",
    principalId: "AIDAEXAMPLE",
    arn: "arn:aws:iam::000000000000:user/sender",
    accountId: "000000000000",
    userName: "sender",
    credentialId: "ACCAEXAMPLE",
  },
  sourceIPAddress: "192.0.2.7",
  userAgent: "fluent-bit",
  requestId: "request-1",
  readOnly: false,
  eventCategory: "Data",
  requestParameters: { logGroupName: "/app/orders", logStreamName: "a" },
  resources: [{ type: "AWS::Logs::LogGroupAuthorization", ARN: groupArn }],
  additionalEventData: { bearerTokenType: "ACWL", path: "/ingest/bulk" },
  apiVersion: "20140328",
  tlsDetails: { tlsVersion: "TLSv1.3" },
};

const signed: TrailEventInput = {
  eventTimeMs: 0,
  eventSource: "iam.amazonaws.com",
  eventName: "CreateUser",
  userIdentity: {
    type: "Root",
    principalId: "000000000000",
    arn: "arn:aws:iam::000000000000:root",
    accountId: "000000000000",
    accessKeyId: "AKIDROOT",
  },
  sourceIPAddress: "192.0.2.7",
  userAgent: "aws-cli",
  requestId: "request-2",
  readOnly: false,
  eventCategory: "Management",
  requestParameters: null,
  resources: [],
};

describe("a record", () => {
  test("of a refused use of an API key has CloudTrail's members in their order", () => {
    const record = buildRecord(
      tokenUse,
      eventId,
      { errorCode: "AccessDenied", errorMessage: "Not allowed." },
      origin,
    );
    assert.deepEqual(Object.entries(record), [
      ["eventVersion", "1.11"],
      [
        "userIdentity",
        {
          type: "IAMUser",
          principalId: "AIDAEXAMPLE",
          arn: "arn:aws:iam::000000000000:user/sender",
          accountId: "000000000000",
          userName: "sender",
          credentialId: "ACCAEXAMPLE",
        },
      ],
      ["eventTime", "2026-11-21T01:02:03Z"],
      ["eventSource", "logs.amazonaws.com"],
      ["eventName", "CallWithBearerToken"],
      ["awsRegion", "us-east-1"],
      ["sourceIPAddress", "192.0.2.7"],
      ["userAgent", "fluent-bit"],
      ["errorCode", "AccessDenied"],
      ["errorMessage", "Not allowed."],
      ["requestParameters", { logGroupName: "/app/orders", logStreamName: "a" }],
      ["responseElements", null],
      ["additionalEventData", { bearerTokenType: "ACWL", path: "/ingest/bulk" }],
      ["requestID", "request-1"],
      ["eventID", eventId],
      ["readOnly", false],
      ["resources", [{ accountId: "000000000000", type: "AWS::Logs::LogGroupAuthorization", ARN: groupArn }]],
      ["eventType", "AwsApiCall"],
      ["apiVersion", "20140328"],
      ["managementEvent", false],
      ["eventCategory", "Data"],
      ["recipientAccountId", "000000000000"],
      ["tlsDetails", { tlsVersion: "TLSv1.3" }],
    ]);
  });

  test("has no member for what is not known", () => {
    const record = buildRecord(signed, eventId, {}, origin);
    for (const name of ["errorCode", "resources", "additionalEventData", "apiVersion", "tlsDetails"])
      assert.ok(!(name in record), name);
    assert.ok(!("credentialId" in (record.userIdentity as object)));
    assert.equal(record.requestParameters, null);
    assert.equal(record.managementEvent, true);
  });

  test("of temporary credentials tells when they were handed out, as CloudTrail does", () => {
    const principal = {
      kind: "user",
      id: "AIDAEXAMPLE",
      name: "alice",
      arn: "arn:aws:iam::000000000000:user/alice",
      accountId: "000000000000",
      policies: [],
      proof: { kind: "sigv4", id: "ASIAEXAMPLE", issuedAtMs: Date.UTC(2026, 10, 21, 1, 2, 3) },
    } as const;
    const event = { ...signed, userIdentity: trailIdentityOf(principal) };
    assert.deepEqual(Object.entries(buildRecord(event, eventId, {}, origin).userIdentity as object), [
      ["type", "IAMUser"],
      ["principalId", "AIDAEXAMPLE"],
      ["arn", "arn:aws:iam::000000000000:user/alice"],
      ["accountId", "000000000000"],
      ["accessKeyId", "ASIAEXAMPLE"],
      ["userName", "alice"],
      ["sessionContext", { attributes: { creationDate: "2026-11-21T01:02:03Z", mfaAuthenticated: "false" } }],
    ]);
  });

  test("stays within CloudTrail's bounds", () => {
    const big = { text: "x".repeat(100 * 1_024) };
    const record = buildRecord(
      { ...tokenUse, userAgent: "ü".repeat(600), requestParameters: big, additionalEventData: big },
      eventId,
      { responseElements: big, errorMessage: "e".repeat(2_000) },
      origin,
    );
    assert.equal(record.userAgent, "ü".repeat(512));
    assert.equal((record.errorMessage as string).length, 1_024);
    const omitted = { omitted: true, originalSize: 100 * 1_024 + 11 };
    assert.deepEqual(record.requestParameters, { ...omitted, reason: "Larger than 100 KB." });
    assert.deepEqual(record.responseElements, { ...omitted, reason: "Larger than 100 KB." });
    assert.deepEqual(record.additionalEventData, { ...omitted, reason: "Larger than 28 KB." });
    const justFits = { text: "x".repeat(100 * 1_024 - 11) };
    assert.deepEqual(
      buildRecord({ ...signed, requestParameters: justFits }, eventId, {}, origin).requestParameters,
      justFits,
    );
    assert.equal(
      buildRecord({ ...signed, userAgent: `${"a".repeat(1_022)}€` }, eventId, {}, origin).userAgent,
      "a".repeat(1_022),
    );
  });

  test("does not grow with the name of a resource", () => {
    const ARN = `arn:aws:iam::000000000000:user/${"a".repeat(1_000_000)}`;
    const row = toRow({ ...signed, resources: [{ type: "AWS::IAM::User", ARN }] }, eventId, {}, origin);
    assert.ok(row.record.length < 4_000, String(row.record.length));
    assert.ok(row.resourceNames.every((name) => name.length <= 2_048));
  });

  test("is written whatever the parameters hold", () => {
    const requestParameters = {
      big: 2n ** 60n,
      bytes: Buffer.from("secret"),
      at: new Date(0),
      half: "\ud800",
    };
    const { record } = toRow({ ...signed, requestParameters }, eventId, {}, origin);
    assert.deepEqual((JSON.parse(record) as Record<string, unknown>).requestParameters, {
      big: "1152921504606846976",
      bytes: "6 bytes",
      at: "1970-01-01T00:00:00.000Z",
      half: "\ud800",
    });
  });

  test("of an intent says that the outcome is not known, where errors stand", () => {
    const { record, complete } = toRow(signed, eventId, undefined, origin);
    assert.equal(complete, false);
    const shown = JSON.parse(withUnknownOutcome(record)) as Record<string, unknown>;
    const names = Object.keys(shown);
    assert.deepEqual(names.slice(names.indexOf("userAgent"), names.indexOf("responseElements")), [
      "userAgent",
      "errorCode",
      "errorMessage",
      "requestParameters",
    ]);
    assert.equal(shown.errorCode, "OutcomeUnknown");
    assert.match(shown.errorMessage as string, /may or may not/);
  });
});

test("a row is found by who, by what and by the resource's ARN or name", () => {
  const row = toRow(tokenUse, eventId, {}, origin);
  assert.equal(row.userName, "sender");
  assert.equal(row.accessKeyId, "");
  assert.deepEqual(row.resourceTypes, ["AWS::Logs::LogGroupAuthorization"]);
  assert.deepEqual(row.resourceNames, [groupArn, "/app/orders"]);
  assert.equal(row.complete, true);
  const root = toRow(signed, eventId, {}, origin);
  assert.equal(root.userName, "root");
  assert.equal(root.accessKeyId, "AKIDROOT");
});

test("the short name of a resource is what people call it", () => {
  for (const [arn, name] of [
    ["arn:aws:iam::000000000000:user/bob", "bob"],
    ["arn:aws:cloudtrail:us-east-1:000000000000:trail/main", "main"],
    [`${groupArn}:*`, "/app/orders"],
    ["arn:aws:s3:::bucket", "arn:aws:s3:::bucket"],
    ["plain", "plain"],
  ] as const)
    assert.equal(shortNameOf(arn), name);
});
