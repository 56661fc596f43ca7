import assert from "node:assert/strict";
import { test } from "node:test";
import { retentionDays } from "../../../../src/contract/index.ts";
import { retentionChoiceOf, retentionChoices, retentionOfChoice, retentionText } from "./retention.ts";

test("the choices are those of the contract, and for ever", () => {
  assert.deepEqual(
    retentionChoices.map(({ value }) => retentionOfChoice(value)),
    [null, ...retentionDays],
  );
  for (const days of [null, ...retentionDays]) assert.equal(retentionOfChoice(retentionChoiceOf(days)), days);
});

test("every choice reads differently", () => {
  const labels = retentionChoices.map(({ label }) => label);
  assert.equal(new Set(labels).size, labels.length);
  assert.equal(retentionText(365), "1 year");
  assert.equal(retentionText(400), "400 days");
  assert.equal(retentionText(3653), "10 years");
});
