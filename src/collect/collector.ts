import { AppError } from "../base/index.ts";
import type { Database } from "../db/index.ts";
import type { Integrations, Listings } from "../integrations/index.ts";
import type { Metrics } from "../telemetry/index.ts";
import { greedyCredentials, longAfterMs, openLanes } from "./fairness.ts";
import { createJobQueue, type Job, type JobData, type JobQueue, laneOfJob } from "./job-queue.ts";
import { createListingBook } from "./listing-book.ts";
import { notRunnable, type RunnerDeps, runIntegration } from "./runner.ts";
import { nextTurn } from "./timing.ts";
import { createUnitBook, type UnitBook } from "./unit-book.ts";

/** Small work that is done now and then by each worker; repeating it must be harmless. */
export interface Chore {
  readonly name: string;
  readonly everyMs: number;
  run(): Promise<unknown>;
}

export interface CollectorDeps
  extends Omit<
    RunnerDeps,
    "leaseMs" | "runTimeoutMs" | "credentials" | "integrations" | "metrics" | "units" | "listings"
  > {
  readonly db: Pick<Database, "jobs" | "kind">;
  readonly integrations: Pick<
    Integrations,
    "ledger" | "runs" | "get" | "openBooks" | "openAccounts" | "spending"
  >;
  readonly metrics: Pick<Metrics, "merge" | "forget" | "findMetrics">;
  readonly credentials: RunnerDeps["credentials"] & {
    /** Credentials whose regular re-check is due. */
    recheckDue(now: number): Promise<readonly string[]>;
    recheck(id: string): Promise<unknown>;
  };
  /** More chores, such as expiring unused external IDs. */
  readonly chores?: readonly Chore[];
  readonly options?: Partial<CollectorOptions>;
  /** For tests; pg-boss on `db` unless given. */
  readonly queue?: JobQueue;
}

export interface CollectorOptions {
  /** Runs at a time in this process: a slow integration holds one place, not all. */
  readonly runsAtOnce: number;
  readonly tickMs: number;
  /** A worker that has not been heard of for so long has lost its run. */
  readonly leaseMs: number;
  readonly runTimeoutMs: number;
  /** A run under way for longer gives back its place, if that is one for short runs. */
  readonly longAfterMs: number;
  /** How long a stop waits for runs under way. */
  readonly drainMs: number;
  /** No other process uses this database, so whatever is running at the start is not. */
  readonly soleWorker: boolean;
  readonly keepRuns: number;
  readonly keepRunsDays: number;
}

/** Read in one go; a backlog of more is read over several turns. */
const duePerTurn = 100;

const defaultOptions: CollectorOptions = {
  runsAtOnce: 8,
  tickMs: 1_000,
  leaseMs: 30_000,
  runTimeoutMs: 15 * 60_000,
  longAfterMs,
  drainMs: 30_000,
  soleWorker: false,
  keepRuns: 1_000,
  keepRunsDays: 90,
};

export interface Collector {
  start(): Promise<void>;
  /** Takes no more work, waits for runs under way, then interrupts them. Safe to call twice. */
  stop(): Promise<void>;
  /** Queues a run. Throws `integration_not_found`, `validation_failed` (disabled), `integration_busy`, `shutting_down`. */
  runNow(integrationId: string): Promise<void>;
  /** Runs and re-checks under way in this process. */
  active(): number;
}

export function createCollector(deps: CollectorDeps): Collector {
  const options: CollectorOptions = { ...defaultOptions, ...deps.options };
  const queue =
    deps.queue ??
    createJobQueue({
      db: deps.db,
      log: deps.log,
      expireAfterMs: options.runTimeoutMs + 2 * options.leaseMs,
      heartbeatMs: options.leaseMs,
    });
  const worker: Worker = {
    deps,
    options,
    queue,
    units: createUnitBook(deps),
    listings: createListingBook(),
    active: new Map(),
    unfinished: new Set(),
    interrupt: new AbortController(),
    stopping: new AbortController(),
    wake: new AbortController(),
    choreDueAt: new Map(),
  };
  let loop: Promise<void> | undefined;
  return {
    start: async () => {
      await queue.start();
      if (options.soleWorker) await queue.clear();
      await releaseAbandoned(worker, options.soleWorker ? "all" : "expired");
      await deps.integrations.ledger.resumePausedByServer();
      loop = runLoop(worker);
    },
    stop: async () => {
      worker.stopping.abort();
      await loop;
      await drain(worker);
      if (loop) await queue.stop();
      loop = undefined;
    },
    runNow: async (integrationId) => {
      if (worker.stopping.signal.aborted) throw new AppError("shutting_down");
      const integration = await deps.integrations.ledger.load(integrationId);
      if (!integration) {
        throw notRunnable((await deps.integrations.get(integrationId)).disabled);
      }
      const accepted = await queue.offer({
        kind: "run",
        integrationId,
        trigger: "manual",
        credentialId: integration.credentialId,
        dueAt: deps.clock.now(),
        lastRunMs: null,
      });
      if (!accepted) throw new AppError("integration_busy");
      worker.wake.abort();
    },
    active: () => worker.active.size,
  };
}

interface Worker {
  readonly deps: CollectorDeps;
  readonly options: CollectorOptions;
  readonly queue: JobQueue;
  readonly units: UnitBook;
  readonly listings: Listings;
  readonly active: Map<string, Work>;
  /** Jobs that are done but could not be marked so, because the database was away. */
  readonly unfinished: Set<string>;
  readonly interrupt: AbortController;
  readonly stopping: AbortController;
  /** Aborted to end the pause between two ticks early. */
  wake: AbortController;
  readonly choreDueAt: Map<string, number>;
}

/** A job under way. */
interface Work {
  readonly data: JobData;
  readonly startedAt: number;
  readonly ended: Promise<void>;
}

async function runLoop(worker: Worker): Promise<void> {
  const { deps, options, stopping } = worker;
  let troubles = 0;
  while (!stopping.signal.aborted) {
    try {
      await tick(worker);
      troubles = 0;
    } catch (error) {
      troubles++;
      deps.log.error("The scheduler could not do its turn.", { error, troubles });
    }
    const pause = Math.min(options.tickMs * 2 ** Math.min(troubles, 5), 30_000);
    const awake = AbortSignal.any([stopping.signal, worker.wake.signal]);
    await deps.clock.sleep(pause, awake).catch(() => {});
    if (worker.wake.signal.aborted) worker.wake = new AbortController();
  }
}

async function tick(worker: Worker): Promise<void> {
  await finishJobs(worker);
  await doChores(worker);
  await queueDue(worker);
  await fillPlaces(worker);
}

/** At most once around, so that heartbeats go on while many short jobs wait. */
async function fillPlaces(worker: Worker): Promise<void> {
  for (let taken = 0; taken < worker.options.runsAtOnce; taken++) {
    if (worker.stopping.signal.aborted) return;
    const job = await takeNext(worker);
    if (!job) return;
    perform(worker, job);
  }
}

async function takeNext({ queue, active, options, deps }: Worker): Promise<Job | undefined> {
  const { runsAtOnce } = options;
  const now = deps.clock.monotonic();
  const under = { brief: 0, long: 0 };
  for (const { data, startedAt } of active.values()) {
    under[now - startedAt > options.longAfterMs ? "long" : laneOfJob(data)]++;
  }
  const lanes = openLanes(under, runsAtOnce);
  const greedy = greedyCredentials(
    [...active.values()].map(({ data }) => data.credentialId),
    runsAtOnce,
  );
  for (const except of greedy.length > 0 ? [greedy, []] : [[]]) {
    for (const lane of lanes) {
      const job = await queue.take({ lane, except });
      if (job) return job;
    }
  }
  return undefined;
}

/**
 * Whoever moves an integration's next turn queues its job, both or neither: a worker that is killed in between would leave a
 * turn that nobody takes. If a job is there already, the turns are merged.
 */
async function queueDue({ deps, queue }: Worker): Promise<void> {
  const { ledger } = deps.integrations;
  for (const due of await ledger.due(duePerTurn)) {
    const { id: integrationId, credentialId, lastRunMs, nextRunAt: dueAt } = due;
    const turn = nextTurn(deps.clock.now(), due.refreshMinutes, integrationId);
    const data: JobData = { kind: "run", integrationId, trigger: "schedule", credentialId, dueAt, lastRunMs };
    await ledger.claim(due, turn, (transaction) => queue.offer(data, { within: transaction }));
  }
}

function perform(worker: Worker, job: Job): void {
  const { deps, options, units, listings, active, unfinished, interrupt } = worker;
  const work = async () => {
    try {
      if (isRun(job)) await runIntegration({ ...deps, ...options, units, listings }, job, interrupt.signal);
      else if (job.data.kind === "recheck") await deps.credentials.recheck(job.data.credentialId);
    } catch (error) {
      deps.log.error("A job could not be recorded.", { jobKey: job.key, error });
    } finally {
      unfinished.add(job.id);
      await finishJobs(worker).catch((error: unknown) => {
        deps.log.warn("A job could not be marked as done; that is tried again.", { jobKey: job.key, error });
      });
      active.delete(job.id);
      worker.wake.abort();
    }
  };
  active.set(job.id, { data: job.data, startedAt: deps.clock.monotonic(), ended: work() });
}

async function finishJobs({ queue, unfinished }: Worker): Promise<void> {
  for (const jobId of unfinished) {
    await queue.finish(jobId);
    unfinished.delete(jobId);
  }
}

function isRun(job: Job): job is Job & { data: { kind: "run" } } {
  return job.data.kind === "run";
}

/** Runs of dead workers: the job is released and the integration is due at once, before all that came due after it. */
async function releaseAbandoned({ deps, queue }: Worker, which: "expired" | "all"): Promise<void> {
  const { runs, ledger } = deps.integrations;
  for (const run of await runs.abandon(which)) {
    await queue.finish(run.jobId);
    await ledger.hasten(run.integrationId, run.startedAt);
    deps.log.warn("A run was abandoned by its worker.", { runId: run.id, integrationId: run.integrationId });
  }
}

async function doChores(worker: Worker): Promise<void> {
  const { deps, options, choreDueAt } = worker;
  const own: Chore[] = [
    { name: "abandoned runs", everyMs: options.leaseMs / 6, run: () => releaseAbandoned(worker, "expired") },
    { name: "jobs of dead workers", everyMs: options.leaseMs / 6, run: () => worker.queue.recover() },
    {
      name: "job heartbeats",
      everyMs: options.leaseMs / 4,
      run: () => worker.queue.keep([...worker.active.keys()]),
    },
    { name: "credential re-checks", everyMs: 60_000, run: () => queueRechecks(worker) },
    { name: "spending", everyMs: 10_000, run: () => deps.integrations.spending.flush() },
    { name: "old spending", everyMs: 24 * 3_600_000, run: () => deps.integrations.spending.purge() },
    {
      name: "old runs",
      everyMs: 3_600_000,
      run: () => deps.integrations.runs.purge(options.keepRuns, options.keepRunsDays),
    },
  ];
  for (const chore of [...own, ...(deps.chores ?? [])]) {
    const now = deps.clock.monotonic();
    if (now < (choreDueAt.get(chore.name) ?? 0)) continue;
    choreDueAt.set(chore.name, now + chore.everyMs);
    try {
      await chore.run();
    } catch (error) {
      deps.log.warn("A chore failed; it is tried again at its next turn.", { chore: chore.name, error });
    }
  }
}

async function queueRechecks({ deps, queue }: Worker): Promise<void> {
  for (const credentialId of await deps.credentials.recheckDue(deps.clock.now())) {
    await queue.offer({ kind: "recheck", credentialId, dueAt: deps.clock.now() });
  }
}

async function drain({ deps, options, active, interrupt }: Worker): Promise<void> {
  const all = () => Promise.allSettled([...active.values()].map(({ ended }) => ended));
  const timer = new AbortController();
  const patience = deps.clock.sleep(options.drainMs, timer.signal).catch(() => {});
  await Promise.race([all(), patience]);
  interrupt.abort();
  await all();
  timer.abort();
}
