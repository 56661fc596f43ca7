import assert from "node:assert/strict";
import { test } from "node:test";
import type { FinalitySource } from "./finality.ts";
import { withOwnSeries } from "./own-series.ts";

test("series without an integration are as final as their maker says, all others as before", async () => {
  const collected = { settledTo: 1_000, missing: [] };
  const source: FinalitySource = {
    describe: async () => collected,
    explain: async () => assert.fail("Nothing was asked to be explained."),
  };
  const finality = withOwnSeries(source, { settledTo: async () => 5_000 });
  const origin = {
    accountId: "111122223333",
    region: "us-east-1",
    namespace: "AWS/Logs",
    metricName: "IncomingBytes",
    periodSeconds: 60,
  };
  const range = { from: 0, to: 10_000 };
  assert.deepEqual(await finality.describe({ ...origin, integrationId: "" }, range), {
    settledTo: 5_000,
    missing: [],
  });
  assert.equal(await finality.describe({ ...origin, integrationId: "i-1" }, range), collected);
});
