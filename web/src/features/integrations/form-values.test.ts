import assert from "node:assert/strict";
import { test } from "node:test";
import type { CloudIntegration } from "@nephoscope/contract";
import {
  formErrorsOf,
  inputOfValues,
  inputWithChange,
  newIntegrationValues,
  problemsOfValues,
  valuesOfIntegration,
} from "./form-values.ts";

const stored: CloudIntegration = {
  id: "6d1e7b2c-0000-4000-8000-000000000000",
  name: "Production",
  service: "CLOUDWATCH",
  cloudWatch: {
    baseCredentials: { roleArn: "arn:aws:iam::123456789012:role/R", externalId: "abcdefgh12345678" },
    namespaces: ["AWS/EC2"],
    metricFilterRegex: "",
    pointTagFilterRegex: "",
    instanceSelectionTags: { team: "platform" },
    volumeSelectionTags: {},
  },
  additionalTags: { env: "prod" },
  serviceRefreshRateInMins: 5,
  forceSave: false,
  disabled: false,
  inTrash: false,
  deleted: false,
  createdEpochMillis: 0,
  updatedEpochMillis: 0,
  creatorId: "admin",
  updaterId: "admin",
};

test("saving an unchanged form changes nothing, not even what the form does not show", () => {
  const input = inputOfValues(valuesOfIntegration(stored), stored);
  assert.deepEqual(input.cloudWatch?.instanceSelectionTags, { team: "platform" });
  assert.deepEqual(input.cloudWatch?.baseCredentials, stored.cloudWatch?.baseCredentials);
  assert.deepEqual(input.additionalTags, { env: "prod" });
});

test("switching to a stored credential drops the role", () => {
  const values = { ...valuesOfIntegration(stored), identity: "credential" as const, credentialId: "c" };
  const input = inputOfValues(values, stored);
  assert.equal(input.cloudWatch?.baseCredentials, undefined);
  assert.equal(input.credentialId, "c");
});

test("a form without name, credential and interval says so at each field", () => {
  const problems = problemsOfValues({ ...newIntegrationValues(null), refreshMinutes: "" });
  assert.deepEqual(Object.keys(problems).sort(), ["credentialId", "name", "refreshMinutes"]);
});

test("what the server says about the wire object lands on the form's fields", () => {
  assert.deepEqual(
    formErrorsOf({
      "cloudWatch.regions.0": "Not a region.",
      "cloudWatch.baseCredentials.externalId": "Unknown.",
      "cloudWatch.threadDistributionInMins": "No field shows this.",
    }),
    { regions: "Not a region.", externalId: "Unknown." },
  );
});

test("an integration without further accounts and cap says so, or what was stored would stay", () => {
  const { cloudWatch } = inputOfValues(valuesOfIntegration(stored), stored);
  assert.deepEqual(
    [
      cloudWatch?.accounts,
      cloudWatch?.organization,
      cloudWatch?.includeLinkedAccounts,
      cloudWatch?.monthlyCapUsd,
    ],
    [null, null, null, null],
  );
});

test("further accounts are sent as they were stored, without what was left empty", () => {
  const accounts = [{ roleArn: "arn:aws:iam::123456789012:role/R", name: "Shop" }];
  const organization = { roleName: "Read", excludeAccounts: ["111111111111"] };
  const configured = { ...stored, cloudWatch: { ...stored.cloudWatch!, accounts, organization } };
  const { cloudWatch } = inputOfValues(valuesOfIntegration(configured), configured);
  assert.deepEqual(cloudWatch?.accounts, accounts);
  assert.deepEqual(cloudWatch?.organization, organization);
});

test("an applied piece of advice changes what it names and keeps the rest", () => {
  const input = inputWithChange(stored, {
    serviceRefreshRateInMins: 15,
    cloudWatch: { statistics: ["Sum"] },
  });
  assert.equal(input.serviceRefreshRateInMins, 15);
  assert.deepEqual(input.cloudWatch?.statistics, ["Sum"]);
  assert.deepEqual(input.cloudWatch?.namespaces, ["AWS/EC2"]);
});
