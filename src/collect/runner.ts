import type { ApiCall, Pacer } from "../aws/index.ts";
import { AppError, type Clock, type Log } from "../base/index.ts";
import {
  type CallPacer,
  type ClassifyFailure,
  type CollectContext,
  type Credentials,
  type IntegrationRecord,
  type Integrations,
  type IntegrationType,
  type Listings,
  newProgress,
  openSession,
  type Pause,
  type Progress,
  type RunMeter,
  typeOf,
  withinTime,
} from "../integrations/index.ts";
import type { Metrics } from "../telemetry/index.ts";
import type { Job } from "./job-queue.ts";
import { holdLease, type Lease } from "./lease.ts";
import {
  type Ending,
  endingOfError,
  endingOfPause,
  endingOfResult,
  RunTimeoutError,
  StoppedError,
} from "./outcome.ts";
import { retryAt } from "./timing.ts";
import type { UnitBook } from "./unit-book.ts";

export interface RunObservation {
  readonly service: string;
  readonly state: string;
  /** From when it was due to its start. */
  readonly startDelayMs: number;
  readonly durationMs: number;
  readonly points: number;
  readonly costUsd: number;
}

/** Hooks for the metrics of this server about itself. */
export interface Observers {
  readonly run?: (run: RunObservation) => void;
  readonly apiCall?: (call: ApiCall) => void;
}

export interface RunnerDeps {
  readonly integrations: Pick<Integrations, "ledger" | "runs" | "openBooks" | "openAccounts" | "spending">;
  readonly credentials: Credentials;
  readonly metrics: Pick<Metrics, "merge" | "forget">;
  readonly units: UnitBook;
  readonly listings: Listings;
  readonly pacer?: Pacer | undefined;
  /** For tests; the product's types unless given. */
  readonly typeOf?: ((service: string) => Pick<IntegrationType, "checkPatterns" | "collect">) | undefined;
  readonly classify: ClassifyFailure;
  readonly clock: Clock;
  readonly random: { float(): number };
  readonly log: Log;
  readonly workerId: string;
  readonly leaseMs: number;
  readonly runTimeoutMs: number;
  readonly observe?: Observers | undefined;
}

type RunJob = Job & { readonly data: { readonly kind: "run" } };

/** Runs one integration and records how it went. Never throws for what the run meets; only our own stores can make it. */
export async function runIntegration(deps: RunnerDeps, job: RunJob, stop: AbortSignal): Promise<void> {
  const { ledger, runs } = deps.integrations;
  const { integrationId } = job.data;
  const integration = await ledger.load(integrationId);
  // Disabled, trashed or deleted since the job was made.
  if (!integration) return;
  const trigger = integration.lastProcessedAt === null ? "create" : job.data.trigger;
  const { workerId, leaseMs } = deps;
  const runId = await runs.begin({ integrationId, jobId: job.id, trigger, workerId, leaseMs });
  if (runId === undefined) return;
  // What another worker has stored since is not what this one remembers.
  if (integration.lastProcessorId !== workerId) deps.metrics.forget(integrationId);
  const startDelayMs = Math.max(0, deps.clock.now() - job.data.dueAt);
  const started = deps.clock.monotonic();
  const run = newRun(runId);
  const method = await methodOf(deps, integration);
  const classify: ClassifyFailure = (error) => deps.classify(error, method);
  const ended = await perform({ ...deps, classify }, integration, run, stop);
  const pause = run.meter?.pause();
  const ending = pause && ended ? endingOfPause(ended, pause) : ended;
  // Before the run's end is recorded: if this worker is killed in between, the calls are counted all the same.
  await deps.integrations.spending.flush().catch((error: unknown) => {
    deps.log.warn("What a run has cost could not be written; that is tried again.", { runId, error });
  });
  await record(deps, integration, run, ending, {
    trigger,
    startDelayMs,
    durationMs: Math.round(deps.clock.monotonic() - started),
  });
}

/** Unknown when the credential cannot be read, which opening it will tell in its own words. */
async function methodOf({ credentials }: RunnerDeps, { credentialId }: IntegrationRecord) {
  if (credentialId === null) return undefined;
  return credentials.get(credentialId).then(
    ({ method }) => method,
    () => undefined,
  );
}

interface CurrentRun {
  readonly id: string;
  readonly progress: Progress;
  readonly apiCalls: Record<string, number>;
  /** Once the run has begun to collect. */
  meter?: RunMeter;
}

function newRun(id: string): CurrentRun {
  return { id, progress: newProgress(), apiCalls: {} };
}

/** Holds the lease while the type collects; the run ends early when the lease is lost, the time is over or the server stops. */
async function perform(
  deps: RunnerDeps,
  integration: IntegrationRecord,
  run: CurrentRun,
  stop: AbortSignal,
): Promise<Ending | undefined> {
  const end = new AbortController();
  const onStop = () => end.abort(new StoppedError("The server stops."));
  stop.addEventListener("abort", onStop, { once: true });
  if (stop.aborted) onStop();
  const { runs } = deps.integrations;
  const lease = holdLease({ ...deps, runs }, run.id, (error) => end.abort(error));
  try {
    const collect = (signal: AbortSignal) => collectWith(deps, integration, run, { signal, lease });
    return endingOfResult(await withinTime(deps.clock, deps.runTimeoutMs, collect, end.signal));
  } catch (error) {
    return endingOfError(
      isTimeout(error) ? new RunTimeoutError("The run took too long.") : error,
      deps.classify,
    );
  } finally {
    stop.removeEventListener("abort", onStop);
    await lease.release();
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === "TimeoutError";
}

/** Until when a run may go on: its time and the server's, and that it is still this worker's. */
interface Hold {
  readonly signal: AbortSignal;
  readonly lease: Lease;
}

async function collectWith(deps: RunnerDeps, integration: IntegrationRecord, run: CurrentRun, hold: Hold) {
  const type = (deps.typeOf ?? typeOf)(integration.service);
  // Saved by force, or by an older engine: an error of the run, told before anything is paid for.
  type.checkPatterns(integration.config);
  const meter = await deps.integrations.spending.meter(integration);
  run.meter = meter;
  const session = await openSession(deps.credentials, integration);
  const count = (opened: typeof session) =>
    opened.withAccounting((call) => {
      const name = `${call.service}:${call.operation}`;
      run.apiCalls[name] = (run.apiCalls[name] ?? 0) + 1;
      deps.observe?.apiCall?.(call);
    });
  const context = contextOf(deps, integration, run, count(session), hold);
  const accounts = deps.integrations.openAccounts(integration, { ...context, counted: count });
  const units = await deps.units.of(integration.id);
  return type.collect({ ...context, accounts, spending: meter, units });
}

function contextOf(
  deps: RunnerDeps,
  integration: IntegrationRecord,
  run: CurrentRun,
  session: CollectContext["session"],
  { signal, lease }: Hold,
): Omit<CollectContext, "spending" | "units"> {
  return {
    integration,
    session,
    clock: deps.clock,
    log: deps.log.child({ integrationId: integration.id, runId: run.id }),
    signal,
    classify: deps.classify,
    progress: run.progress,
    pacer: deps.pacer && pacerOf(deps.pacer, integration.id, { signal, lease }),
    books: deps.integrations.openBooks(integration.id, run.id),
    listings: deps.listings,
    write: async (batch, { askedAt, from, to, knownTo }) => {
      signal.throwIfAborted();
      lease.check();
      return deps.metrics.merge(batch, { version: askedAt, fromMs: from, toMs: to, knownToMs: knownTo });
    },
  };
}

function pacerOf(pacer: Pacer, integrationId: string, { signal, lease }: Hold): CallPacer {
  return {
    take: async (call) => {
      await pacer.take({ ...call, integrationId }, signal);
      // A call costs money, and whoever has the run now makes it too.
      lease.check();
    },
    throttled: pacer.throttled,
  };
}

async function record(
  deps: RunnerDeps,
  integration: IntegrationRecord,
  run: CurrentRun,
  ending: Ending | undefined,
  facts: { trigger: string; startDelayMs: number; durationMs: number },
): Promise<void> {
  const { progress, apiCalls } = run;
  const pause = run.meter?.pause();
  const { metricsStored, latestPointAt, ...counts } = progress;
  const kept =
    ending &&
    (await deps.integrations.ledger.settle(
      integration.id,
      { id: run.id, end: { ...counts, apiCalls, state: ending.state, error: ending.error } },
      {
        workerId: deps.workerId,
        succeeded: ending.state === "succeeded",
        interrupted: ending.state === "abandoned" || pause !== undefined,
        received: latestPointAt === null ? null : { latestPointAt, metrics: metricsStored },
        error: ending.state === "abandoned" ? null : (ending.error?.message ?? null),
        disable: ending.disable,
        nextRunAt: nextRunAt(deps, integration, ending),
        pause: pause && { ...jittered(deps, integration, pause), settingsOf: integration.updatedAt },
      },
    ));
  const state = kept && ending ? ending.state : "lost";
  deps.observe?.run?.({
    service: integration.service,
    state,
    startDelayMs: facts.startDelayMs,
    durationMs: facts.durationMs,
    points: progress.pointsStored,
    costUsd: progress.costUsd,
  });
  logRun(deps, integration, run, ending, { ...facts, state });
}

/** So that not everything that waits for the next month begins in the same moment. */
function jittered({ random }: RunnerDeps, { refreshMinutes }: IntegrationRecord, pause: Pause): Pause {
  return { ...pause, until: pause.until + Math.round(random.float() * refreshMinutes * 60_000) };
}

function nextRunAt(deps: RunnerDeps, integration: IntegrationRecord, ending: Ending): number | null {
  const now = deps.clock.now();
  if (ending.behind || ending.state === "abandoned") return now;
  if (!ending.transient) return null;
  return retryAt(now, integration.consecutiveFailures, integration.refreshMinutes, deps.random.float());
}

/** The one wide event of a run. */
function logRun(
  deps: RunnerDeps,
  integration: IntegrationRecord,
  run: CurrentRun,
  ending: Ending | undefined,
  facts: { state: string; trigger: string; startDelayMs: number; durationMs: number },
): void {
  const fields = {
    integrationId: integration.id,
    integrationName: integration.name,
    service: integration.service,
    runId: run.id,
    workerId: deps.workerId,
    ...facts,
    ...run.progress,
    apiCalls: run.apiCalls,
    disabled: ending?.disable ?? false,
    runError: ending?.error ?? null,
  };
  if (facts.state === "succeeded") deps.log.info("A run ended.", fields);
  else deps.log.warn("A run ended.", fields);
}

/** For callers that asked for a run and must be told why there is none. */
export function notRunnable(disabled: boolean): AppError {
  if (!disabled)
    return new AppError("integration_not_found", { message: "The cloud integration does not exist." });
  return new AppError("validation_failed", { message: "The integration is disabled; enable it first." });
}
