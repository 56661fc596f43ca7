import assert from "node:assert/strict";
import { test } from "node:test";
import { newIntegrationValues, newOrganization, problemsOfValues } from "../form-values.ts";
import { searchOfValues, valuesOfSearch, wizardSearchOf } from "./search.ts";
import { furthestStep, problemsOfStep } from "./steps.ts";

const filled = {
  ...newIntegrationValues("c1"),
  regions: ["eu-west-1"],
  namespaces: ["AWS/EC2"],
  metricFilterRegex: "CPU.*",
  refreshMinutes: 15,
  monthlyCapUsd: 12.5,
  accounts: [{ roleArn: "arn:aws:iam::123456789012:role/S", name: "Shop", externalId: "" }],
  organization: { ...newOrganization, roleName: "Read", excludeAccounts: ["111111111111"] },
  includeLinkedAccounts: true,
  owningAccounts: ["222222222222"],
  name: "Production",
  tags: [{ key: "env", value: "prod" }],
};

test("what the address carries makes the same form again", () => {
  const address = searchOfValues("collect", filled);
  assert.equal(address.step, "collect");
  assert.deepEqual(valuesOfSearch(wizardSearchOf({ ...address }), null), filled);
});

test("an untouched form leaves the address bare", () => {
  assert.deepEqual(searchOfValues("service", newIntegrationValues(null)), {});
});

test("an external ID never comes into the address", () => {
  const values = {
    ...filled,
    identity: "role" as const,
    roleArn: "arn:aws:iam::123456789012:role/R",
    externalId: "not-for-histories",
    accounts: [{ roleArn: "arn:aws:iam::123456789012:role/S", name: "", externalId: "not-for-histories" }],
    organization: { ...newOrganization, roleName: "Read", externalId: "not-for-histories" },
  };
  assert.doesNotMatch(JSON.stringify(searchOfValues("review", values)), /not-for-histories/);
});

test("an address that people have edited never breaks the page", () => {
  assert.deepEqual(
    wizardSearchOf({ step: "pay", regions: "eu", period: -1, cap: "much", tags: [], name: "" }),
    {},
  );
});

test("a step with a problem closes those behind it", () => {
  assert.equal(furthestStep(problemsOfValues(newIntegrationValues(null))), "credential");
  assert.equal(furthestStep(problemsOfValues({ ...filled, refreshMinutes: "" })), "collect");
  assert.equal(furthestStep(problemsOfValues({ ...filled, name: "" })), "review");
});

test("a step shows only the problems of its own fields", () => {
  const problems = problemsOfValues(newIntegrationValues(null));
  assert.deepEqual(Object.keys(problemsOfStep("credential", problems)), ["credentialId"]);
  assert.deepEqual(problemsOfStep("service", problems), {});
});
