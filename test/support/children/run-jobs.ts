import { randomInt, randomUUID } from "node:crypto";
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
 * A worker with the product's own scheduler, on a PostgreSQL that others share. Its runs ask nobody: in a few steps, some time
 * apart, they write a point, which goes into the table `bench_points`, and move their position, which carries the number of the
 * execution in it.
 */
export async function run([url = ""]: string[]): Promise<void> {
  const database = await openDatabase({ url, log, clock: systemClock });
  const collector = createCollector({
    db: database,
    integrations: openIntegrations(database),
    credentials: { ...credentials, recheckDue: async () => [], recheck: async () => {} },
    metrics: {
      merge: (series) => keepPoints(database, series),
      forget: () => {},
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
  collect: async ({ integration, write, books, clock, signal }) => {
    const execution = randomInt(2 ** 40);
    for (let step = 1; step <= stepsPerRun; step++) {
      if (step > 1) await clock.sleep(20 + systemRandom.float() * 60, signal);
      const now = clock.now();
      const range = { askedAt: now, from: now, to: now, knownTo: now };
      await write([pointOf(integration.id, execution)], range);
      const times = { startedAt: now, storedTo: execution, askedAt: now };
      await books.record("bench", { position: { ...times, metrics: step, readings: [], trouble: null } });
    }
    return { problems: [], someComplete: true, someStored: true, behind: false };
  },
};

function pointOf(integrationId: string, execution: number): Written[number] {
  const names = { namespace: "bench", metricName: "step", statistic: "Sum", dimensions: {}, tags: {} };
  const place = { integrationId, accountId: "222222222222", region: "us-east-1", periodSeconds: 60 };
  return { series: { ...place, ...names }, points: [{ timestampMs: 0, value: execution }] };
}

async function keepPoints({ kysely }: Database, series: Written) {
  for (const { series: of, points } of series) {
    await sql`insert into bench_points (integration_id, execution, at)
      values (${of.integrationId}::uuid, ${points[0]?.value ?? 0}, clock_timestamp())`.execute(kysely);
  }
  return { points: series.length, added: series.length, changed: 0 };
}
