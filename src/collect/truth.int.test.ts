import assert from "node:assert/strict";
import { test } from "node:test";
import { createSimulator, usualLatePoints } from "../../simulator/index.ts";
import { createSettableClock } from "../../test/support/settable-clock.ts";
import { trialRegion } from "../../test/support/trial/aws-in-process.ts";
import { compareWithTruth } from "../../test/support/trial/compare.ts";
import { openEngine } from "../../test/support/trial/engine.ts";
import { usualTroubles } from "../../test/support/trial/schedule.ts";
import { liveThrough } from "../../test/support/trial/trial.ts";

const hourMs = 3_600_000;

/** `npm run bench -- collect-truth` does the same over ten days. */
test("half a day of late points, throttling, failed results, outages, restarts and kills leaves every point as AWS has it at last", async () => {
  const startMs = Date.UTC(2026, 10, 2);
  const clock = createSettableClock(startMs);
  const simulator = createSimulator({
    clock,
    latePoints: usualLatePoints,
    turnover: { bornEveryMs: 3 * hourMs, livesMs: 4 * hourMs },
    regions: [trialRegion],
  });
  const accountId = simulator.seeded.productionAccountId;
  const compared = {
    accountId,
    region: trialRegion,
    namespaces: ["MyApp/Workers", "AWS/DynamoDB", "AWS/Billing", "AWS/S3"],
    statistics: ["Average", "Sum"],
    periodSeconds: 60,
  };
  const keys = simulator.accounts.addAccessKey(simulator.accounts.addUser({ accountId, name: "trial" }));
  const engine = await openEngine({ simulator, clock, keys, ...compared, pollMinutes: 30 });
  try {
    // The latest points come 60 hours after their time, and are read within a day of that.
    const schedule = usualTroubles({ startMs, days: 0.5, daysAfter: 3.5 });
    await liveThrough({ simulator, clock, puller: engine }, schedule);
    const { points, equal, missing, wrong, invented, worst } = await compareWithTruth(
      simulator,
      engine,
      compared,
      schedule.compared,
    );
    assert.ok(points > 20_000, String(points));
    assert.deepEqual(
      { equal, missing, wrong, invented },
      { equal: points, missing: 0, wrong: 0, invented: 0 },
      JSON.stringify(worst),
    );
  } finally {
    await engine.close();
  }
});
