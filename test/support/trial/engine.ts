import { setTimeout as realPause } from "node:timers/promises";
import type { KeyPair, Simulator } from "../../../simulator/index.ts";
import { classifyAwsError } from "../../../src/aws/index.ts";
import { type Random, systemRandom } from "../../../src/base/index.ts";
import { type Collector, createCollector } from "../../../src/collect/index.ts";
import { cloudIntegrationInput } from "../../../src/contract/index.ts";
import { type Database, openDatabase } from "../../../src/db/index.ts";
import { createIntegrations, type Integrations } from "../../../src/integrations/index.ts";
import { openTelemetry, type Telemetry } from "../../../src/telemetry/index.ts";
import { quietLog } from "../quiet-log.ts";
import type { SettableClock } from "../settable-clock.ts";
import { type AwsInProcess, connectInProcess, trialRegion } from "./aws-in-process.ts";
import { createMemoryQueue } from "./memory-queue.ts";
import { createProcessClock, type ProcessClock } from "./process-clock.ts";
import { type Puller, type StoredQuery, type StoredSeries, seriesKey } from "./puller.ts";

export interface EngineOptions {
  readonly simulator: Simulator;
  readonly clock: SettableClock;
  readonly keys: KeyPair;
  readonly namespaces: readonly string[];
  readonly statistics: readonly string[];
  readonly periodSeconds: number;
  readonly pollMinutes: number;
  readonly log?: typeof quietLog;
}

export interface Engine extends Puller {
  readonly database: Database;
  readonly telemetry: Telemetry;
  readonly integrationId: string;
  /** For questions and changes from outside, while the engine runs or stands still. */
  readonly integrations: Integrations;
  close(): Promise<void>;
}

/** What dies with a process; the stores stay. */
interface Process {
  readonly clock: ProcessClock;
  readonly aws: AwsInProcess;
  readonly collector: Collector;
}

/** A number that nothing else waits for, so that the scheduler's pause between two turns is known by it. */
const turnMs = 977;

/** Its renewals are then too far apart to be taken for pauses of the work. */
const leaseMs = 5 * 60_000;

/** In real time; the longest poll takes a few seconds. */
const patienceMs = 120_000;

/** A poll has a few calls at least, so the process dies between two of them. */
const callsBeforeKill = 4;

/**
 * The product's own collection, from scheduler to stores, in this process: only the AWS SDK's sockets, the job queue and the time
 * are the trial's. Time stands still while a run is under way, except for the pauses that the run itself makes.
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const log = options.log ?? quietLog;
  const { clock } = options;
  const database = await openDatabase({ log, clock });
  const telemetry = await openTelemetry({ log, clock });
  const random = createSeededRandom(7);
  let killNext = false;
  let process: Process | undefined;

  const integrationsOf = (aws: AwsInProcess, processClock: ProcessClock) =>
    createIntegrations({
      db: database,
      credentials: { ...credentialsOf(aws), registerUsers: () => {} },
      externalIds: { exists: async () => true, markUsed: async () => {}, registerUsage: () => {} },
      classify: classifyAwsError,
      clock: processClock,
      random,
      log,
    });
  const startProcess = async (): Promise<Process> => {
    const processClock = createProcessClock(clock, turnMs);
    const aws = connectInProcess(options.simulator, options.keys);
    if (killNext) aws.hangAfter(callsBeforeKill);
    const collector = createCollector({
      db: database,
      integrations: integrationsOf(aws, processClock),
      credentials: { ...credentialsOf(aws), recheckDue: async () => [], recheck: async () => {} },
      metrics: telemetry.metrics,
      classify: classifyAwsError,
      clock: processClock,
      random,
      log,
      workerId: "trial",
      queue: createMemoryQueue(),
      options: { tickMs: turnMs, leaseMs, soleWorker: true },
    });
    await collector.start();
    return { clock: processClock, aws, collector };
  };

  const setUp = integrationsOf(
    connectInProcess(options.simulator, options.keys),
    createProcessClock(clock, turnMs),
  );
  const { id: integrationId } = await setUp.create(
    cloudIntegrationInput.parse({
      name: "Trial",
      service: "CLOUDWATCH",
      credentialId: "",
      serviceRefreshRateInMins: options.pollMinutes,
      forceSave: true,
      cloudWatch: {
        baseCredentials: { roleArn: options.simulator.seeded.roleArn, externalId: "trial" },
        regions: [trialRegion],
        namespaces: options.namespaces,
        statistics: options.statistics,
        periodSeconds: options.periodSeconds,
      },
    }),
    { name: "trial" },
  );

  const work = async () => {
    if (!process) return;
    if ((await settle(process, clock)) === "settled") return;
    process.clock.freeze();
    killNext = false;
    process = await startProcess();
    await settle(process, clock);
  };
  return {
    database,
    telemetry,
    integrationId,
    integrations: setUp,
    start: async () => {
      process = await startProcess();
    },
    stop: async () => {
      const stopping = process?.collector.stop();
      process = undefined;
      await stopping;
    },
    killDuringNextPoll: () => {
      if (process) process.aws.hangAfter(callsBeforeKill);
      else killNext = true;
    },
    nextAt: () => nextRunAt(database, integrationId),
    work,
    stored: (query) => readStored(telemetry, integrationId, query),
    close: async () => {
      await process?.collector.stop();
      await telemetry.close();
      await database.close();
    },
  };
}

function credentialsOf({ session }: AwsInProcess) {
  return {
    open: async () => session,
    openDefault: async () => session,
    get: async (id: string) => ({ id, name: "Trial", method: "keys" as const }),
  };
}

/** Waits in real time until nothing is under way, and moves the trial's time to the end of each pause that the work makes. */
async function settle({ aws, clock: own, collector }: Process, clock: SettableClock) {
  const began = performance.now();
  let quiet = 0;
  let seen = "";
  for (;;) {
    await realPause(1);
    if (performance.now() - began > patienceMs) throw new Error("The engine does not come to rest.");
    if (aws.hanging) {
      await realPause(50);
      return "hanging";
    }
    if (own.resting && collector.active() === 0) return "settled";
    const end = own.nextPauseEnd();
    const now = `${end} ${clock.now()}`;
    quiet = now === seen ? quiet + 1 : 0;
    seen = now;
    if (end === undefined || quiet < 10) continue;
    clock.advance(Math.max(0, end - clock.now()));
    quiet = 0;
  }
}

async function nextRunAt(database: Database, integrationId: string): Promise<number> {
  const { next_run_at: at } = await database.kysely
    .selectFrom("integrations")
    .select("next_run_at")
    .where("id", "=", integrationId)
    .executeTakeFirstOrThrow();
  if (at === null) throw new Error("The integration is disabled.");
  return at.getTime();
}

const labelsOfPlace = ["accountId", "region", "integrationId"];

async function readStored(
  telemetry: Telemetry,
  integrationId: string,
  { fromMs, name, namespace, periodSeconds, statistic, toMs }: StoredQuery,
): Promise<StoredSeries> {
  const { series } = await telemetry.metrics.query({
    filter: { integrationId, namespace, metricName: name, statistic },
    fromSeconds: fromMs / 1000,
    toSeconds: toMs / 1000,
    stepSeconds: periodSeconds,
    aggregation: "avg",
    groupBy: undefined,
    limit: 100_000,
    limits: {},
  });
  return new Map(
    series.map(({ labels, points }) => [
      seriesKey(
        Object.fromEntries(Object.entries(labels).filter(([label]) => !labelsOfPlace.includes(label))),
      ),
      new Map(points.map(([second, value]) => [second * 1000, value])),
    ]),
  );
}

/** Jitter and ids that are the same in every trial. */
function createSeededRandom(seed: number): Random {
  let state = seed;
  const float = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return { ...systemRandom, float };
}
