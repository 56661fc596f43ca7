import assert from "node:assert/strict";
import { test } from "node:test";
import type { CloudIntegration } from "../contract/index.ts";
import { facetValues, meets, sortBy } from "./search.ts";

const base: CloudIntegration = {
  forceSave: false,
  id: "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee",
  name: "Production EU",
  service: "CLOUDWATCH",
  cloudWatch: {
    baseCredentials: { roleArn: "arn:aws:iam::123456789012:role/Read", externalId: "AbCdEfGh12345678" },
    namespaces: ["AWS/EC2", "AWS/SQS"],
    metricFilterRegex: "",
    pointTagFilterRegex: "",
    instanceSelectionTags: { "team.name": "core" },
    volumeSelectionTags: {},
  },
  additionalTags: { env: "prod" },
  serviceRefreshRateInMins: 5,
  disabled: false,
  inTrash: false,
  deleted: false,
  createdEpochMillis: 1000,
  updatedEpochMillis: 2000,
  creatorId: "admin",
  updaterId: "admin",
};
type Condition = NonNullable<Parameters<typeof meets>[1]>[number];
const finds = (condition: Condition) => meets(base, [condition]);

test("no question, null and an empty list find everything", () => {
  for (const query of [undefined, null, []]) assert.ok(meets(base, query));
});

test("CONTAINS is the default and, like STARTSWITH, minds no case", () => {
  assert.ok(finds({ key: "name", value: "tion e" }));
  assert.ok(finds({ key: "name", value: "PROD", matchingMethod: "STARTSWITH" }));
  assert.ok(!finds({ key: "name", value: "EU", matchingMethod: "STARTSWITH" }));
});

test("EXACT means exactly", () => {
  assert.ok(finds({ key: "id", value: base.id, matchingMethod: "EXACT" }));
  assert.ok(!finds({ key: "id", value: base.id.toUpperCase(), matchingMethod: "EXACT" }));
  assert.ok(!finds({ key: "id", value: base.id.slice(0, 8), matchingMethod: "EXACT" }));
});

test("several values are alternatives and win over the single one", () => {
  assert.ok(finds({ key: "service", value: "EC2", values: ["X", "CLOUDWATCH"], matchingMethod: "EXACT" }));
});

test("conditions add up, and a negated one must not hold", () => {
  const one = { key: "service", value: "CLOUDWATCH" };
  assert.ok(meets(base, [one, { key: "disabled", value: "false", matchingMethod: "EXACT" }]));
  assert.ok(!meets(base, [one, { ...one, negated: true }]));
  assert.ok(meets(base, [{ key: "lastError", value: "x", negated: true }]), "what is absent does not match");
});

test("dotted keys go into objects and lists, and keys with dots of their own are found", () => {
  assert.ok(finds({ key: "cloudWatch.namespaces", value: "AWS/SQS", matchingMethod: "EXACT" }));
  assert.ok(finds({ key: "cloudWatch.baseCredentials.roleArn", value: "role/read" }));
  assert.ok(finds({ key: "additionalTags.env", value: "prod", matchingMethod: "EXACT" }));
  assert.ok(finds({ key: "cloudWatch.instanceSelectionTags.team.name", value: "core" }));
  assert.ok(!finds({ key: "constructor", value: "" }), "only own properties count");
});

test("bounds find numbers, whatever is given of the two, and only numbers", () => {
  const key = "serviceRefreshRateInMins";
  const within = [{ start: 5 }, { end: 5 }, { start: 5, end: 5 }, { start: 1, end: null, value: "nothing" }];
  for (const bounds of within) assert.ok(finds({ key, ...bounds }), JSON.stringify(bounds));
  assert.ok(!finds({ key, start: 6 }) && !finds({ key, end: 4 }));
  assert.ok(finds({ key, start: 6, negated: true }));
  assert.ok(!finds({ key: "name", start: 0 }) && !finds({ key: "lastMetricCount", end: 10 }));
});

test("numbers compare as text, freetext looks everywhere", () => {
  assert.ok(finds({ key: "serviceRefreshRateInMins", value: "5", matchingMethod: "EXACT" }));
  assert.ok(finds({ key: "freetext", value: "aws/sqs" }));
  assert.ok(!finds({ key: "freetext", value: "nowhere" }));
});

test("sorting is by value, numbers as numbers, what is absent last, ties as they came", () => {
  const list = [10, undefined, 9, 9].map((lastMetricCount, index) => ({
    ...base,
    id: String(index),
    ...(lastMetricCount === undefined ? {} : { lastMetricCount }),
  }));
  const ids = (ascending: boolean) =>
    sortBy(list, { field: "lastMetricCount", ascending }).map(({ id }) => id);
  assert.deepEqual(ids(true), ["2", "3", "0", "1"]);
  assert.deepEqual(ids(false), ["0", "2", "3", "1"]);
});

test("facets give each value once, filtered by their own question", () => {
  assert.deepEqual(facetValues([base, base], "cloudWatch.namespaces", undefined, undefined), [
    "AWS/EC2",
    "AWS/SQS",
  ]);
  assert.deepEqual(facetValues([base], "cloudWatch.namespaces", "sqs", undefined), ["AWS/SQS"]);
});
