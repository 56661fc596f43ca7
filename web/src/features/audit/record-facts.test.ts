import assert from "node:assert/strict";
import { test } from "node:test";
import type { TrailEvent } from "@nephoscope/contract";
import {
  filterOfPlace,
  keyOf,
  outcomeOf,
  resourceNameOf,
  serviceOf,
  toNdjson,
  valuesSeen,
} from "./record-facts.ts";

const arn = "arn:aws:logs:us-east-1:000000000000:log-group:/shop/checkout";

const use = (changes: Partial<TrailEvent> = {}): TrailEvent => ({
  id: "6e1f",
  timestamp: "2026-11-21T12:00:00.000Z",
  category: "Data",
  source: "logs.amazonaws.com",
  name: "CallWithBearerToken",
  userName: "log-sender",
  accessKeyId: null,
  credentialId: "ACCA1",
  sourceIp: "10.0.0.7",
  userAgent: "curl/8",
  readOnly: false,
  errorCode: null,
  errorMessage: null,
  resources: [{ type: "AWS::Logs::LogGroupAuthorization", arn }],
  record: { eventName: "CallWithBearerToken" },
  ...changes,
});

test("an outcome is good, bad, or not known", () => {
  assert.deepEqual(outcomeOf(use()), { mood: "good", label: "Succeeded" });
  assert.deepEqual(outcomeOf(use({ errorCode: "AccessDenied" })), { mood: "bad", label: "AccessDenied" });
  assert.equal(outcomeOf(use({ errorCode: "OutcomeUnknown" })).mood, "warning");
});

test("sources and resources are named as people call them", () => {
  assert.equal(serviceOf("logs.amazonaws.com"), "logs");
  assert.equal(serviceOf("nephoscope.local"), "nephoscope.local");
  assert.equal(resourceNameOf(arn), "/shop/checkout");
  assert.equal(resourceNameOf("arn:aws:logs:us-east-1:000000000000:log-group:a:*"), "a");
  assert.equal(resourceNameOf("arn:aws:iam::000000000000:user/alice"), "alice");
  assert.equal(resourceNameOf("arn:aws:s3:::bucket"), "arn:aws:s3:::bucket");
});

test("a caller is proved by a key of either kind, or by a session, which has none", () => {
  assert.equal(keyOf(use()), "ACCA1");
  assert.equal(keyOf(use({ credentialId: null, accessKeyId: "AKIA1" })), "AKIA1");
  assert.equal(keyOf(use({ credentialId: null })), null);
});

test("a value in a record is filtered for where records are looked up by it", () => {
  const text = (value: string) => ({ kind: "string", text: value }) as const;
  assert.deepEqual(filterOfPlace(["userIdentity", "credentialId"], text("ACCA1")), { key: "ACCA1" });
  assert.deepEqual(filterOfPlace(["resources", 0, "ARN"], text(arn)), { resourceName: arn });
  assert.equal(filterOfPlace(["requestParameters", "eventName"], text("x")), undefined);
  assert.equal(filterOfPlace(["errorCode"], { kind: "null", text: "null" }), undefined);
  assert.equal(filterOfPlace(["constructor"], text("x")), undefined);
});

test("values that are shown are suggested once each, without those that are nobody's", () => {
  const events = [
    use(),
    use({ credentialId: null, userName: null }),
    use({ userName: "alice", accessKeyId: "AKIA1", credentialId: null }),
  ];
  assert.deepEqual(valuesSeen(events, "userName"), ["alice", "log-sender"]);
  assert.deepEqual(valuesSeen(events, "key"), ["ACCA1", "AKIA1"]);
  assert.deepEqual(valuesSeen(events, "resourceName"), ["/shop/checkout"]);
});

test("a file has a record on each line", () => {
  assert.equal(
    toNdjson([use(), use({ record: { eventName: "CreateUser" } })]),
    '{"eventName":"CallWithBearerToken"}\n{"eventName":"CreateUser"}\n',
  );
});
