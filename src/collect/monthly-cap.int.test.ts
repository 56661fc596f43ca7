import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createSimulator, type Simulator } from "../../simulator/index.ts";
import { createSettableClock, type SettableClock } from "../../test/support/settable-clock.ts";
import { trialRegion } from "../../test/support/trial/aws-in-process.ts";
import { type Engine, openEngine } from "../../test/support/trial/engine.ts";
import { cloudIntegrationInput } from "../contract/index.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const monthEnd = Date.UTC(2026, 11, 1);
const caller = { name: "admin" };

let simulator: Simulator;
let clock: SettableClock;
let engine: Engine;

before(async () => {
  clock = createSettableClock(monthEnd - 5 * hourMs);
  simulator = createSimulator({ clock, regions: [trialRegion] });
  const { accounts, seeded } = simulator;
  const user = accounts.addUser({ accountId: seeded.productionAccountId, name: "trial" });
  engine = await openEngine({
    simulator,
    clock,
    keys: accounts.addAccessKey(user),
    namespaces: ["AWS/RDS"],
    statistics: ["Average"],
    periodSeconds: 60,
    pollMinutes: 5,
  });
});
after(() => engine.close());

const summary = () => engine.integrations.summaries.get(engine.integrationId);
const lastRun = async () => {
  const { items } = await engine.integrations.runs.list({
    integrationId: engine.integrationId,
    offset: 0,
    limit: 1,
  });
  assert.ok(items[0]);
  return items[0];
};
const spent = async () => (await engine.integrations.spending.get({ groupBy: "integration" })).total.usd.high;

/** Does what is due until then. */
async function liveUntil(time: number): Promise<void> {
  while ((await engine.nextAt()) < time) {
    clock.advance(Math.max(0, (await engine.nextAt()) - clock.now()) + 1_000);
    await engine.work();
  }
  clock.advance(Math.max(0, time - clock.now()));
}

async function liveUntilPaused() {
  for (let round = 0; round < 40 && (await summary()).state !== "paused"; round++) {
    await liveUntil(clock.now() + 6 * minuteMs);
  }
  const paused = await summary();
  assert.equal(paused.state, "paused");
  return paused;
}

async function setCap(monthlyCapUsd: number | null): Promise<void> {
  const { cloudWatch } = await engine.integrations.get(engine.integrationId);
  const input = cloudIntegrationInput.parse({ cloudWatch: { ...cloudWatch, monthlyCapUsd } });
  await engine.integrations.update(engine.integrationId, input, caller);
}

test("a month's money ends, the integration waits for the next month, and what was missed is owed for that reason and paid", async () => {
  await engine.start();
  await engine.work();
  const perRun = await spent();
  assert.ok(perRun > 0);

  // Enough for a few runs more, and the room that the dearest call would take.
  const cap = Math.ceil((5 * perRun + 0.005) * 100) / 100;
  await setCap(cap);
  await engine.work();
  const paused = await liveUntilPaused();
  assert.match(paused.stateReason, /^The monthly cap of \$0\.\d+ is reached .* goes on 2026-12-01 00:00 UTC/);
  const nextRunAt = Date.parse(paused.nextRunAt ?? "");
  assert.ok(nextRunAt >= monthEnd && nextRunAt < monthEnd + 5 * minuteMs);
  const run = await lastRun();
  assert.deepEqual([run.state, run.error?.code], ["partial", "monthly_cap"]);
  assert.equal((await engine.integrations.get(engine.integrationId)).disabled, false);
  assert.ok((await spent()) <= cap, "the cap is never overstepped");

  // Asked to run all the same, it finds out that there is no money before it calls anything that costs.
  const calls = () =>
    simulator.calls.count("monitoring", "GetMetricData") + simulator.calls.count("monitoring", "ListMetrics");
  const before = calls();
  await setCap(cap + 0.000001);
  await liveUntil(clock.now() + 6 * minuteMs);
  assert.equal((await summary()).state, "paused");
  assert.equal(calls(), before);

  const { trouble } = await engine.database.kysely
    .selectFrom("checkpoints")
    .select("trouble")
    .where("scope", "=", trialRegion)
    .executeTakeFirstOrThrow();
  assert.equal(trouble?.reason, "capped", "why the time until the next month will be missing");

  await liveUntil(monthEnd + 30 * minuteMs);
  assert.equal((await summary()).state, "ok");
  assert.equal((await lastRun()).state, "succeeded");
  const { series } = await engine.telemetry.metrics.query({
    filter: {
      integrationId: engine.integrationId,
      namespace: "AWS/RDS",
      metricName: "CPUUtilization",
      statistic: "Average",
    },
    fromSeconds: (monthEnd - 3 * hourMs) / 1000,
    toSeconds: monthEnd / 1000,
    stepSeconds: 60,
    aggregation: "avg",
    groupBy: [],
    limit: 1,
    limits: {},
  });
  assert.equal(series[0]?.points.length, 180, "what was missed in the pause has been read");
});

test("a raised cap makes a paused integration due at once, and without one there is no pause", async () => {
  await setCap(0.01);
  await liveUntilPaused();
  await setCap(null);
  assert.ok(Date.parse((await summary()).nextRunAt ?? "") <= clock.now());
  assert.notEqual((await summary()).state, "paused");
  await liveUntil(clock.now() + 6 * minuteMs);
  assert.equal((await summary()).state, "ok");
  await engine.stop();
});
