import { estimatePoints } from "../../../aws/index.ts";
import { AppError } from "../../../base/index.ts";
import type { OwedReason } from "../../../contract/index.ts";
import type { AwsFailure } from "../../connection.ts";
import {
  type CollectContext,
  type CollectProblem,
  CredentialsFailure,
  type MetricName,
  RunLostError,
  type Trouble,
} from "../integration-type.ts";
import {
  type Batch,
  mapAnswer,
  type SelectedMetric,
  type SelectedQuery,
  type SeriesShelf,
} from "./collect.ts";
import type { CloudWatchConfig } from "./config.ts";
import { type FetchDeps, fetchBatch } from "./fetch.ts";
import { type Failure, failureOfBatch, failureOfMetric } from "./owing.ts";
import { chargedMetrics, usdPerMetricRequested } from "./pricing.ts";
import { type UnitSeeker, unitOf } from "./units.ts";
import type { TimeRange } from "./window.ts";

/** Calls of one region at a time; well below AWS's 50 a second. */
const batchesAtOnce = 6;

/**
 * Points of one region under way at a time, as far as more than one batch is: each takes some 700 bytes from answer to store,
 * so long windows are read one batch after the other. AWS's quota of points would hold them apart anyway.
 */
const pointsAtOnce = 100_000;

/** So many batches in a row failing means the region, not a batch, has trouble. */
const failuresInRowMax = 3;

/** More metrics of a batch than this without all their points are owed as the whole batch. */
const spoiledApartMax = 50;

/** A run tells the first things that went wrong, not all of the same. */
const problemsMax = 20;

/** One region of one account while it is being collected. */
export interface Region {
  readonly context: CollectContext;
  readonly config: CloudWatchConfig;
  readonly name: string;
  readonly accountId: string;
  /** Null when the integration's own session belongs to the account. */
  readonly scopeAccountId: string | null;
  readonly deps: FetchDeps;
  readonly units: UnitSeeker;
  readonly problems: CollectProblem[];
}

export interface PlannedBatch {
  readonly batch: Batch;
  readonly range: TimeRange;
  /** Not before this time; at once without it. Epoch milliseconds. */
  readonly startAt?: number;
}

export interface BatchesOutcome {
  /** What was not got, and why. */
  readonly failures: Failure[];
  /** Batches that were answered, be it in part. */
  readonly read: Batch[];
  /** Batches of which points were added or changed. */
  readonly changed: Batch[];
  series: number;
  metrics: number;
}

/** All batches, a few at a time. Each is stored as it comes and fails alone. */
export async function readBatches(
  region: Region,
  planned: readonly PlannedBatch[],
  options: { shelf: SeriesShelf; knownTo: number },
): Promise<BatchesOutcome> {
  const outcome: BatchesOutcome = { failures: [], read: [], changed: [], series: 0, metrics: 0 };
  const queue = planned.values();
  let failuresInRow = 0;
  const work = async () => {
    for (const { batch, range, startAt = 0 } of queue) {
      if (failuresInRow < failuresInRowMax) await waitUntil(startAt, region.context);
      const trouble = await stopOr(region, failuresInRow, () =>
        readBatch(region, { batch, range }, outcome, options),
      ).catch((error: unknown) => {
        failuresInRow = Number.POSITIVE_INFINITY;
        throw error;
      });
      failuresInRow = trouble ? failuresInRow + 1 : 0;
      if (trouble) outcome.failures.push(failureOfBatch(batch, range, trouble));
    }
  };
  // All have to end before the run goes on or stops: a batch must not be written after its run is recorded.
  const ends = await Promise.allSettled(Array.from({ length: batchesAtOnceOf(planned) }, work));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return outcome;
}

function batchesAtOnceOf(planned: readonly PlannedBatch[]): number {
  let points = 1;
  for (const { batch, range } of planned) {
    points = Math.max(points, estimatePoints(batch.queries, range).count);
  }
  return Math.max(1, Math.min(batchesAtOnce, Math.floor(pointsAtOnce / points)));
}

async function waitUntil(time: number, { clock, signal }: CollectContext): Promise<void> {
  const waitMs = time - clock.now();
  if (waitMs > 0) await clock.sleep(waitMs, signal);
}

/** Why a batch is not even asked for, or why it failed; undefined when it was read. */
async function stopOr(
  region: Region,
  failuresInRow: number,
  read: () => Promise<void>,
): Promise<Trouble | undefined> {
  const refusal = region.context.spending.refusal();
  if (refusal !== undefined) return { reason: "capped", detail: refusal };
  if (failuresInRow >= failuresInRowMax) {
    return { reason: "error", detail: "Not asked for, since the calls before it had failed." };
  }
  return guard(region, read);
}

async function readBatch(
  region: Region,
  { batch, range }: PlannedBatch,
  outcome: BatchesOutcome,
  { shelf, knownTo }: { shelf: SeriesShelf; knownTo: number },
): Promise<void> {
  const { context } = region;
  const { progress } = context;
  const askedAt = context.clock.now();
  const { pages, cut } = await fetchPaid(region, batch, range);
  const mapped = mapAnswer(batch, pages, seriesFrom(shelf, context.units));
  const series = await region.units.complete(mapped.series);
  const written =
    series.length > 0 ? await context.write(series, { askedAt, ...range, knownTo }) : nothingWritten;
  for (const { points } of series) {
    progress.latestPointAt = Math.max(progress.latestPointAt ?? 0, points.at(-1)?.timestampMs ?? 0);
  }
  progress.pointsStored += written.points;
  progress.pointsAdded += written.added;
  progress.pointsChanged += written.changed;
  outcome.read.push(batch);
  if (written.added + written.changed > 0) outcome.changed.push(batch);
  outcome.series += series.length;
  outcome.metrics += mapped.metrics;
  const failures = cut
    ? [failureOfBatch(batch, range, { reason: "partial-data", detail: `GetMetricData: ${cut}` })]
    : failuresOf(batch, range, mapped.spoiled);
  if (failures[0]) noteIncomplete(region, failures[0].detail);
  outcome.failures.push(...failures);
}

const nothingWritten = { points: 0, added: 0, changed: 0 };

function seriesFrom(shelf: SeriesShelf, units: CollectContext["units"]) {
  return (query: SelectedQuery) => {
    const name: MetricName & { statistic: string } = {
      namespace: query.metric.namespace,
      metricName: query.metric.metricName,
      statistic: query.statistic,
    };
    return shelf.seriesOf(query, unitOf(name, units));
  };
}

/**
 * Each page is noted before it is asked for, so that calls under way count against a cap. AWS charges every page that it answers, and
 * nothing for what it refuses; of an answer that was lost on the way nobody knows, so that stays noted.
 */
async function fetchPaid(region: Region, batch: Batch, range: TimeRange) {
  const onCall = () => noteCost(region, batch, 1);
  try {
    return await fetchBatch(region.deps, batch, range, { onCall, stop: region.context.spending.refusal });
  } catch (error) {
    const { cause } = region.context.classify(error);
    if (cause === "THROTTLED" || cause.startsWith("DENIED")) noteCost(region, batch, -1);
    throw error;
  }
}

function noteCost({ context, accountId, name }: Region, batch: Batch, calls: number): void {
  const metrics = batch.metrics.length;
  const charged = chargedMetrics(metrics, batch.queries.length / metrics);
  const [low, high] = [calls * charged.low, calls * charged.high];
  context.progress.costUsd += low * usdPerMetricRequested;
  context.spending.add({
    operation: "GetMetricData",
    accountId,
    region: name,
    calls,
    metricsRequested: { low, high },
    usd: { low: low * usdPerMetricRequested, high: high * usdPerMetricRequested },
  });
}

function failuresOf(
  batch: Batch,
  range: TimeRange,
  spoiled: readonly (Trouble & { metric: SelectedMetric })[],
): Failure[] {
  const [first] = spoiled;
  if (!first) return [];
  if (spoiled.length > spoiledApartMax) return [failureOfBatch(batch, range, first)];
  return spoiled.map(({ metric, reason, detail }) => failureOfMetric(metric, range, { reason, detail }));
}

/** Runs one step. A failure of AWS is noted and told, unless it means that the whole run must end. */
export async function guard(region: Region, step: () => Promise<void>): Promise<Trouble | undefined> {
  try {
    await step();
    return undefined;
  } catch (error) {
    region.context.signal.throwIfAborted();
    return noteFailure(region, error);
  }
}

export function noteFailure({ context, name, problems }: Region, error: unknown): Trouble {
  if (isOurOwn(error)) throw error;
  const failure = context.classify(error);
  if (failure.disables) throw new CredentialsFailure(failure, name);
  if (problems.length < problemsMax) problems.push({ region: name, failure });
  return { reason: reasonOf(failure), detail: failure.message };
}

/** Errors of our own stores end the run; only AWS's belong to a batch. */
function isOurOwn(error: unknown): boolean {
  return error instanceof AppError || error instanceof RunLostError || error instanceof CredentialsFailure;
}

const networkCauses: readonly string[] = ["NETWORK", "TLS", "PROXY", "CLOCK"];

export function reasonOf({ cause, rawCode }: AwsFailure): OwedReason {
  if (cause === "THROTTLED") return "throttled";
  if (networkCauses.includes(cause)) return "network";
  if (cause.startsWith("DENIED")) return "denied";
  return /^Internal/.test(rawCode ?? "") ? "internal-error" : "error";
}

export function noteIncomplete({ name, problems }: Region, what: string): void {
  if (problems.length >= problemsMax) return;
  const failure: AwsFailure = {
    cause: "UNKNOWN",
    rawCode: null,
    message: `The data is not complete: ${what}.`,
    advice: ["Nothing to do: what is missing is owed and asked for again."],
    disables: false,
  };
  problems.push({ region: name, failure });
}
