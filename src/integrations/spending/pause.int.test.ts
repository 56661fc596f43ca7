import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { forEachDatabase, type OpenedDatabase } from "../../../test/support/databases.ts";
import { createSettableClock, type SettableClock } from "../../../test/support/settable-clock.ts";
import { systemRandom } from "../../base/index.ts";
import { findIntegration, insertIntegration } from "../integration-queries.ts";
import { createLedger, type Ledger, type RunOutcome } from "../ledger.ts";
import type { IntegrationRecord, Pause } from "../records.ts";
import { createRuns, type RunEnd } from "../runs.ts";

const now = Date.UTC(2026, 10, 21);
const nextMonth = Date.UTC(2026, 11, 1);
const pause: Pause = { until: nextMonth, reason: "The monthly cap is reached.", by: "integration" };
const outcome: RunOutcome = {
  workerId: "w",
  succeeded: false,
  interrupted: true,
  received: null,
  error: pause.reason,
  disable: false,
  nextRunAt: null,
};

forEachDatabase((open) => {
  let opened: OpenedDatabase;
  let clock: SettableClock;
  let ledger: Ledger;
  let record: IntegrationRecord;

  before(async () => {
    opened = await open();
  });
  after(() => opened.dispose());
  beforeEach(async () => {
    clock = createSettableClock(now);
    ledger = createLedger({ db: opened.database.kysely, clock });
    record = {
      id: systemRandom.uuid(),
      name: "Capped",
      service: "CLOUDWATCH",
      config: {},
      roleArn: "",
      externalId: "",
      credentialId: null,
      reuseExternalIdCredential: null,
      additionalTags: {},
      refreshMinutes: 5,
      disabled: false,
      disabledByError: false,
      trashedAt: null,
      createdAt: now,
      createdBy: "a",
      updatedAt: now,
      updatedBy: "a",
      lastReceivedPointAt: null,
      lastMetricCount: null,
      lastProcessedAt: null,
      lastProcessorId: null,
      lastError: null,
      lastErrorAt: null,
      lastErrorEvent: null,
      consecutiveFailures: 2,
      nextRunAt: now + 60_000,
      pause: null,
    };
    await insertIntegration(opened.database.kysely, record);
  });
  afterEach(() => opened.database.kysely.deleteFrom("integrations").execute());

  const stored = async () => {
    const found = await findIntegration(opened.database.kysely, record.id);
    assert.ok(found);
    return found;
  };
  /** A run from begin to end. */
  async function run(change: Partial<RunOutcome>): Promise<IntegrationRecord> {
    const runs = createRuns({ db: opened.database.kysely, clock, random: systemRandom });
    const start = { jobId: "j", trigger: "schedule", workerId: "w", leaseMs: 60_000 } as const;
    const id = await runs.begin({ integrationId: record.id, ...start });
    assert.ok(id);
    const counts = { metricsListed: 0, seriesStored: 0, pointsStored: 0, pointsAdded: 0, pointsChanged: 0 };
    const end: RunEnd = {
      ...counts,
      windowsPaid: 0,
      windowsOwed: 0,
      windowFrom: null,
      windowTo: null,
      apiCalls: {},
      costUsd: 0,
      state: "partial",
      error: null,
    };
    assert.equal(await ledger.settle(record.id, { id, end }, { ...outcome, ...change }), true);
    return stored();
  }

  test("a run that met the cap pauses until then and is no failure; the next one that does not ends the pause", async () => {
    const paused = await run({ pause: { ...pause, settingsOf: now } });
    assert.deepEqual([paused.pause, paused.nextRunAt], [pause, nextMonth]);
    assert.equal(paused.consecutiveFailures, 2);
    assert.deepEqual(await ledger.due(10), []);
    clock.advance(nextMonth - now);
    assert.equal((await ledger.due(10)).length, 1);
    const resumed = await run({ succeeded: true, interrupted: false, error: null });
    assert.equal(resumed.pause, null);
  });

  // Otherwise raising the cap while a run is under way would have no effect until the next month.
  test("settings that were changed during the run are not paused for what the old ones said", async () => {
    const after = await run({ pause: { ...pause, settingsOf: now - 1 } });
    assert.deepEqual([after.pause, after.nextRunAt], [null, now + 60_000]);
  });

  test("what waits for the server's cap is due when a process starts, what waits for its own is not", async () => {
    await run({ pause: { ...pause, settingsOf: now } });
    await ledger.resumePausedByServer();
    assert.equal((await stored()).nextRunAt, nextMonth);
    await run({ pause: { ...pause, by: "server", settingsOf: now } });
    await ledger.resumePausedByServer();
    const resumed = await stored();
    assert.deepEqual([resumed.pause, resumed.nextRunAt], [null, now]);
  });
});
