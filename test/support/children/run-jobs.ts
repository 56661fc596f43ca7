import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { createLog, systemClock, systemRandom } from "../../../src/base/index.ts";
import { type CollectorDeps, createCollector } from "../../../src/collect/index.ts";
import { type Database, openDatabase } from "../../../src/db/index.ts";
import { type AwsSession, createIntegrations } from "../../../src/integrations/index.ts";

type RunnableType = ReturnType<NonNullable<CollectorDeps["typeOf"]>>;
type Written = Parameters<CollectorDeps["metrics"]["merge"]>[0];

const stepsPerRun = 5;
const log = createLog({ level: "error" });

/**
 * A worker with the product's own scheduler, on a PostgreSQL that others share. Its runs ask nobody: they write a few steps, some
 * time apart, the way that points are written, into a table that keeps each step with the database's time.
 */
export async function run([url = ""]: string[]): Promise<void> {
  const database = await openDatabase({ url, log, clock: systemClock });
  const collector = createCollector({
    db: database,
    integrations: openIntegrations(database),
    credentials: { ...credentials, recheckDue: async () => [], recheck: async () => {} },
    metrics: {
      merge: (series) => keepSteps(database, series),
      findMetrics: async (_filter, { offset, limit }) => ({
        items: [],
        offset,
        limit,
        totalItems: 0,
        moreItems: false,
      }),
    },
    typeOf: () => steppingType,
    classify: (error) => {
      throw error;
    },
    clock: systemClock,
    random: systemRandom,
    log,
    workerId: randomUUID(),
  });
  await collector.start();
  process.once("SIGTERM", async () => {
    await collector.stop();
    await database.close();
  });
  console.log("ready");
}

const session: AwsSession = {
  region: "us-east-1",
  client: () => {
    throw new Error("These runs ask nobody.");
  },
  identity: async () => ({ accountId: "222222222222", arn: "", userId: "" }),
  withAccounting: () => session,
};

const credentials = {
  open: async () => session,
  openDefault: async () => session,
  get: async (id: string) => ({ id, name: "bench" }),
};

function openIntegrations(database: Database) {
  return createIntegrations({
    db: database,
    credentials: { ...credentials, registerUsers: () => {} },
    externalIds: { exists: async () => true, markUsed: async () => {}, registerUsage: () => {} },
    classify: () => {
      throw new Error("These runs do not fail.");
    },
    clock: systemClock,
    random: systemRandom,
    log,
  });
}

const steppingType: RunnableType = {
  checkPatterns: () => {},
  collect: async ({ integration, write, clock, signal }) => {
    const execution = randomUUID();
    for (let step = 1; step <= stepsPerRun; step++) {
      if (step > 1) await clock.sleep(20 + systemRandom.float() * 60, signal);
      const now = clock.now();
      const range = { askedAt: now, from: now, to: now, knownTo: now };
      await write([stepOf(integration.id, execution, step)], range);
    }
    return { problems: [], someComplete: true, someStored: true, behind: false };
  },
};

function stepOf(integrationId: string, execution: string, step: number): Written[number] {
  const tags = { execution };
  const names = { namespace: "bench", metricName: "step", statistic: "Sum", dimensions: {}, tags };
  const place = { integrationId, accountId: "222222222222", region: "us-east-1", periodSeconds: 60 };
  return { series: { ...place, ...names }, points: [{ timestampMs: 0, value: step }] };
}

async function keepSteps({ kysely }: Database, series: Written) {
  for (const { series: of, points } of series) {
    await sql`insert into bench_steps (integration_id, execution, step, at)
      values (${of.integrationId}::uuid, ${of.tags.execution}::uuid, ${points[0]?.value ?? 0}, clock_timestamp())`.execute(
      kysely,
    );
  }
  return { points: series.length, added: series.length, changed: 0 };
}
