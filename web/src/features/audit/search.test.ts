import assert from "node:assert/strict";
import { test } from "node:test";
import { auditSearchOf, isFiltered, noFilters, questionOf } from "./search.ts";

const hour = 3_600_000;
const now = 1_000 * hour;

test("an address that the page wrote is read as it is", () => {
  const search = {
    category: "Data",
    eventName: "CallWithBearerToken",
    userName: "log-sender",
    key: "ACCA1",
    resourceName: "/shop/checkout",
    sourceIp: "10.0.0.7",
    eventSource: "logs.amazonaws.com",
    resourceType: "AWS::Logs::LogGroup",
    errorCode: "AccessDenied",
    eventId: "6e1f",
    failed: true,
    changes: true,
    range: "7d",
    from: 1,
    to: 2,
  };
  assert.deepEqual(auditSearchOf(search), search);
});

test("what does not fit is left out", () => {
  const search = {
    category: "Insight",
    eventName: "",
    userName: null,
    key: ["ACCA1"],
    sourceIp: {},
    failed: "yes",
    changes: false,
    range: "1y",
    from: 2,
    to: 1,
    colour: "red",
  };
  assert.deepEqual(auditSearchOf(search), {});
});

test("names of digits stay texts, and blanks around a value that was pasted are dropped", () => {
  assert.deepEqual(auditSearchOf({ userName: 42, sourceIp: " ::1 " }), { userName: "42", sourceIp: "::1" });
  assert.deepEqual(auditSearchOf({ userName: "  " }), {});
});

test("an address without anything asks for the last day of everything", () => {
  assert.deepEqual(questionOf({}, now), { from: now - 24 * hour, to: now });
});

test("an id is asked for as what it is: an access key, or an API key or token", () => {
  const keyOf = (key: string) => {
    const { accessKeyId, credentialId } = questionOf({ key }, now);
    return { accessKeyId, credentialId };
  };
  assert.deepEqual(keyOf("AKIA1"), { accessKeyId: "AKIA1", credentialId: undefined });
  assert.deepEqual(keyOf("ASIA1"), { accessKeyId: "ASIA1", credentialId: undefined });
  assert.deepEqual(keyOf("ACCA1"), { accessKeyId: undefined, credentialId: "ACCA1" });
});

test("only failed and only changes become questions of their own", () => {
  assert.deepEqual(questionOf({ failed: true, changes: true, from: 1, to: 2 }, now), {
    failed: true,
    readOnly: false,
    from: 1,
    to: 2,
  });
});

test("clearing the filters leaves the time", () => {
  const search = auditSearchOf({ userName: "alice", failed: true, category: "Data", range: "7d" });
  assert.equal(isFiltered(search), true);
  const cleared = auditSearchOf({ ...search, ...noFilters });
  assert.deepEqual(cleared, { range: "7d" });
  assert.equal(isFiltered(cleared), false);
});
