import assert from "node:assert/strict";
import { test } from "node:test";
import type { CloudWatchConfig } from "./config.ts";
import { planStarts, spreadMsOf } from "./spread.ts";

const minute = 60_000;
const spread = (minutes: number | undefined, everyMinutes: number, regions = 1) => {
  const config = {
    ...(minutes !== undefined && { threadDistributionInMins: minutes }),
    ...(regions > 1 && { regions: Array.from({ length: regions }, (_, index) => `us-east-${index}`) }),
  } as CloudWatchConfig;
  return spreadMsOf(config, everyMinutes * minute) / minute;
};

test("calls are spread over the minutes of the settings", () => assert.equal(spread(2, 5), 2));

test("without the setting nothing waits", () => assert.equal(spread(undefined, 5), 0));

test("a run is over before the next one, and in time for its own end", () => {
  assert.equal(spread(60, 5), 4);
  assert.equal(spread(60, 60), 10);
});

test("regions that come one after the other share the time", () => {
  assert.equal(spread(4, 5, 4), 4);
  assert.equal(spread(4, 5, 5), 2);
});

test("an integration of several accounts calls them at once", () => {
  const accounts = [{ roleArn: "arn:aws:iam::123456789012:role/R" }];
  const config = { threadDistributionInMins: 4, accounts } as unknown as CloudWatchConfig;
  assert.equal(spreadMsOf(config, 5 * minute), 0);
});

test("the first batch begins at once, the others at equal distances, the last before the end", () => {
  assert.deepEqual(planStarts(4, 2 * minute, 1000), [1000, 31_000, 61_000, 91_000]);
  assert.deepEqual(planStarts(3, 0, 1000), [1000, 1000, 1000]);
  assert.deepEqual(planStarts(0, minute, 1000), []);
});
