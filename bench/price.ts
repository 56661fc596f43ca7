/**
 * Whether a preview foresees the bill: `npm run bench -- price [--only 5min-1stat]`. For each setting the product's own
 * collection lives through four days of simulated time with few turns, so that all deep re-readings have begun, and then
 * through one day with the turns of the setting. What the preview says of a day, what the ledger has noted and what the
 * simulated AWS bills are to agree. One JSON line per setting; ends with 1 when a bill lies outside of its prediction.
 */
import { parseArgs } from "node:util";
import { createSimulator, type Simulator, usualLatePoints } from "../simulator/index.ts";
import { cloudIntegrationInput, integrationPreviewInput } from "../src/contract/index.ts";
import { createSettableClock, type SettableClock } from "../test/support/settable-clock.ts";
import { trialRegion } from "../test/support/trial/aws-in-process.ts";
import { type Engine, openEngine } from "../test/support/trial/engine.ts";
import { quiet } from "../test/support/trial/schedule.ts";
import { liveThrough } from "../test/support/trial/trial.ts";

const { values } = parseArgs({ args: process.argv.slice(3), options: { only: { type: "string" } } });

interface Setting {
  readonly name: string;
  readonly pollMinutes: number;
  readonly statistics: readonly string[];
  readonly namespaces: readonly string[];
  readonly periodSeconds?: number;
  readonly metricsPerAccount?: number;
}

const basic = ["Average", "Maximum", "Minimum", "SampleCount", "Sum"];
const few = ["AWS/RDS", "AWS/SQS"];
const settings: readonly Setting[] = [
  { name: "1min-1stat", pollMinutes: 1, statistics: ["Average"], namespaces: ["AWS/SQS"] },
  { name: "5min-1stat", pollMinutes: 5, statistics: ["Average"], namespaces: few },
  { name: "15min-1stat", pollMinutes: 15, statistics: ["Average"], namespaces: few },
  { name: "60min-1stat", pollMinutes: 60, statistics: ["Average"], namespaces: few },
  { name: "5min-5stats", pollMinutes: 5, statistics: basic, namespaces: few },
  { name: "15min-7stats", pollMinutes: 15, statistics: [...basic, "p90", "p99"], namespaces: few },
  { name: "5min-5minutes", pollMinutes: 5, statistics: ["Average"], namespaces: few, periodSeconds: 300 },
  {
    name: "5min-slow",
    pollMinutes: 5,
    statistics: ["Average"],
    namespaces: ["AWS/S3", "AWS/Billing"],
  },
  { name: "15min-1000", pollMinutes: 15, statistics: ["Average"], namespaces: [], metricsPerAccount: 1000 },
];

const startMs = Date.UTC(2026, 10, 2);
const warmUpDays = 4;
const warmUpPollMinutes = 120;
const settlingDays = 1 / 12;
const caller = { name: "bench" };

for (const setting of settings) {
  if (values.only !== undefined && values.only !== setting.name) continue;
  const clock = createSettableClock(startMs);
  const simulator = createSimulator({
    clock,
    latePoints: usualLatePoints,
    regions: [trialRegion],
    metricsPerAccount: setting.metricsPerAccount,
  });
  await measure(setting, simulator, clock);
}

async function measure(setting: Setting, simulator: Simulator, clock: SettableClock): Promise<void> {
  const { accounts, seeded } = simulator;
  const { pollMinutes, periodSeconds = 60 } = setting;
  const keys = accounts.addAccessKey(
    accounts.addUser({ accountId: seeded.productionAccountId, name: "trial" }),
  );
  const world = { simulator, clock, keys };
  const engine = await openEngine({ ...world, ...setting, periodSeconds, pollMinutes: warmUpPollMinutes });
  try {
    await liveDays({ ...world, engine }, warmUpDays);
    const { integrationId: id, integrations } = engine;
    const change = cloudIntegrationInput.parse({ serviceRefreshRateInMins: pollMinutes });
    await integrations.update(id, change, caller);
    // The change makes the integration due at once, which is one turn more than usual.
    await liveDays({ ...world, engine }, settlingDays);
    const predicted = await integrations.preview(integrationPreviewInput.parse({ id }));
    const before = { ledger: await spent(engine), bill: simulator.bill() };
    await liveDays({ ...world, engine }, 1);
    const after = { ledger: await spent(engine), bill: simulator.bill() };
    const requested = (low: number, high: number) => ({ low: Math.round(low), high: Math.round(high) });
    const perDay = predicted.perMonth.metricsRequested;
    const ledger = requested(after.ledger.low - before.ledger.low, after.ledger.high - before.ledger.high);
    report(setting, {
      metrics: predicted.matchedMetrics,
      predicted: requested(perDay.low / 30, perDay.high / 30),
      billed: after.bill.metricsRequested - before.bill.metricsRequested,
      ledger,
      predictedUsd: { low: predicted.usdPerMonth.low / 30, high: predicted.usdPerMonth.high / 30 },
      billedUsd: after.bill.dollars - before.bill.dollars,
    });
  } finally {
    await engine.close();
  }
}

function liveDays(
  { engine, ...world }: { simulator: Simulator; clock: SettableClock; engine: Engine },
  days: number,
) {
  const schedule = quiet({ startMs: world.clock.now(), days, daysAfter: 0 });
  return liveThrough({ ...world, puller: engine }, schedule);
}

/** Metrics requested this month, by both ways of counting. */
async function spent({ integrations, integrationId }: Engine) {
  const { total } = await integrations.spending.get({ groupBy: "integration", integrationId });
  return total.metricsRequested;
}

interface Measured {
  readonly metrics: number;
  readonly predicted: { readonly low: number; readonly high: number };
  readonly billed: number;
  readonly ledger: { readonly low: number; readonly high: number };
  readonly predictedUsd: { readonly low: number; readonly high: number };
  readonly billedUsd: number;
}

function report(setting: Setting, measured: Measured): void {
  const { predicted, billed, ledger, predictedUsd, billedUsd } = measured;
  const within = (value: number, { low, high }: { low: number; high: number }) =>
    value >= low && value <= high;
  const holds = within(billed, predicted) && within(billedUsd, predictedUsd) && within(billed, ledger);
  console.log(JSON.stringify({ figure: "price", setting: setting.name, holds, ...measured }));
  if (!holds) process.exitCode = 1;
}
