import type { Kysely } from "kysely";
import { AppError, type Clock, type Log, type Random } from "../../base/index.ts";
import type { OutputKind } from "../../contract/index.ts";
import type { Tables } from "../../db/index.ts";
import type { FeedStretch, MetricFeed } from "../../telemetry/index.ts";
import { claimTarget, lastRunEnds, type Position, recordProgress, type Target } from "../outputs-queries.ts";
import { type Batch, batchesOf } from "./batches.ts";
import { type Delivered, deliver, NotNow, type Receiver } from "./send.ts";

export interface TargetKey {
  readonly integrationId: string;
  readonly kind: OutputKind;
}

export interface TurnDeps {
  readonly db: { readonly kysely: Kysely<Tables> };
  readonly feed: Pick<MetricFeed, "nextTime" | "read">;
  /** The receiver of a target, with its secrets opened. */
  openReceiver(target: Target): Promise<Receiver>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly observe: (sent: { kind: OutputKind } & Sent) => void;
}

/** Counts of points; those that were not dropped are stored at the receiver. */
export interface Sent {
  readonly points: number;
  readonly refused: number;
  readonly rejected: number;
}

/** Points of one reading of the store: what a turn holds in memory. */
const pagePoints = 10_000;
/** Longer than a request may take, so that a worker that waits for an answer keeps its lease. */
const leaseMs = 120_000;
/** After this a target makes room for others, and goes on at its next turn. */
const turnMs = 60_000;
const firstRetryMs = 5_000;
const retryMsMax = 5 * 60_000;
/** A receiver that asks for more patience than this is tried earlier. */
const retryAfterMsMax = 3_600_000;

/** Thrown when another worker, or a change of the settings, has ended this turn. */
class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

/**
 * One turn at a target: takes its lease, sends what is due, remembers how far it came after each request, and gives the lease
 * back. A turn that dies loses nothing: the next one repeats the last request at most.
 */
export async function takeTurn(deps: TurnDeps, key: TargetKey, signal: AbortSignal): Promise<void> {
  const { db, clock, random } = deps;
  const holder = random.uuid();
  const now = clock.now();
  const target = await claimTarget(db.kysely, key, { holder, now, until: now + leaseMs });
  if (!target) return;
  let { failures } = target;
  const record: Record_ = async (values) => {
    if (!(await recordProgress(db.kysely, key, holder, values))) throw new LeaseLost();
    if (values.failures === 0) failures = 0;
  };
  try {
    await sendDue(deps, target, record, signal);
    await record({ leased_by: null, lease_until: null });
  } catch (error) {
    if (error instanceof LeaseLost) return;
    // A stop is no failure of the receiver.
    const failure = signal.aborted ? {} : failureColumns(deps, { ...target, failures }, error);
    await recordProgress(db.kysely, key, holder, { ...failure, leased_by: null, lease_until: null });
  }
}

type Record_ = (values: Parameters<typeof recordProgress>[3]) => Promise<void>;

async function sendDue(deps: TurnDeps, target: Target, record: Record_, signal: AbortSignal): Promise<void> {
  let position = target.position ?? (await nextStretch(deps, target));
  if (!position) return;
  const receiver = await deps.openReceiver(target);
  const totals = createTotals(target);
  const endAt = deps.clock.monotonic() + turnMs;
  while (position && deps.clock.monotonic() < endAt) {
    if (position.to === null) position = await nextSlice(deps, target, position, record);
    else position = await sendPage({ ...deps, receiver, totals, record, signal }, target, position);
  }
  if (position) await record({ position: JSON.stringify(position) });
}

interface Sending extends TurnDeps {
  readonly receiver: Receiver;
  readonly totals: Totals;
  readonly record: Record_;
  readonly signal: AbortSignal;
}

/** Sends one reading of the slice; the position behind it. */
async function sendPage(sending: Sending, target: Target, start: Position): Promise<Position> {
  const { feed, receiver, totals, record, signal, observe } = sending;
  const page = await feed.read({
    ...stretchOf(target, start),
    from: start.from,
    to: start.to as number,
    behind: start.behind ?? undefined,
    limit: pagePoints,
  });
  let position = start;
  let worthHalving = true;
  for (const batch of batchesOf(page.series)) {
    signal.throwIfAborted();
    const delivered = await deliver(receiver, batch, { worthHalving, signal });
    // What refused a whole batch, such as that this time is too long ago, refuses the next one too.
    worthHalving = delivered.refused < batch.points;
    position = { ...position, behind: batch.last, done: position.done + batch.points };
    await record(progressColumns(sending, totals.add(batch, delivered), position));
    observe({ kind: target.kind, ...sentOf(batch, delivered) });
  }
  if (page.next) return { ...position, behind: page.next };
  return { ...position, from: start.to as number, to: null, behind: null };
}

/** Points of the last hours are sent by the minute, so that a late one is never in the request of new ones. */
const recentSeconds = 4 * 3_600;
const sliceSeconds = { recent: 60, old: 1_800 } as const;

/**
 * A stretch is sent slice by slice in the order of time, over all series: a receiver such as Prometheus takes nothing that is
 * an hour older than the newest sample it has of any series, so series after series would be refused from the second on.
 */
async function nextSlice(
  { feed }: TurnDeps,
  target: Target,
  position: Position,
  record: Record_,
): Promise<Position | undefined> {
  const from = await feed.nextTime(stretchOf(target, position), position.from);
  if (from !== undefined) {
    const age = position.upTo / 1000 - from < recentSeconds ? "recent" : "old";
    return { ...position, from, to: from + sliceSeconds[age], behind: null };
  }
  await record({ sent_to: new Date(position.upTo), position: null, failures: 0, retry_at: null });
  return undefined;
}

function stretchOf({ integrationId, sentTo }: Target, { upTo, leaveOutChanges }: Position): FeedStretch {
  return { integrationId, after: sentTo, upTo, leaveOutChanges };
}

/**
 * All that runs have stored since the last stretch and that no run under way adds to: a point's version is a moment within
 * its run, and one run of an integration follows the other. Corrections are left out only when the stretch is that of one
 * run: over several, a point may have been stored and corrected without ever having been sent.
 */
async function nextStretch({ db }: TurnDeps, target: Target): Promise<Position | undefined> {
  const [newest, before = 0] = await lastRunEnds(db.kysely, target.integrationId);
  if (newest === undefined || newest <= target.sentTo) return undefined;
  const leaveOutChanges = !target.sendChanges && before <= target.sentTo;
  return { upTo: newest, leaveOutChanges, from: 0, to: null, behind: null, done: 0 };
}

type Totals = ReturnType<typeof createTotals>;

function createTotals({ sentPoints, dropped }: Target) {
  const totals = { points: sentPoints, refused: dropped.refused ?? 0, rejected: dropped.rejected ?? 0 };
  return {
    add: (batch: Batch, delivered: Delivered) => {
      const sent = sentOf(batch, delivered);
      totals.points += sent.points;
      totals.refused += sent.refused;
      totals.rejected += sent.rejected;
      return { totals, sent, message: delivered.message };
    },
  };
}

function sentOf({ points }: Batch, { refused, rejected }: Delivered): Sent {
  return { points: points - refused - rejected, refused, rejected };
}

function progressColumns(
  { clock }: TurnDeps,
  { totals, sent, message }: { totals: Sent; sent: Sent; message: string | undefined },
  position: Position,
) {
  const now = new Date(clock.now());
  return {
    position: JSON.stringify(position),
    sent_points: totals.points,
    dropped: JSON.stringify({ refused: totals.refused, rejected: totals.rejected }),
    failures: 0,
    retry_at: null,
    lease_until: new Date(clock.now() + leaseMs),
    ...(sent.points > 0 && { last_sent_at: now }),
    ...(message !== undefined && { last_error: message, last_error_at: now }),
  };
}

function failureColumns({ clock, random, log }: TurnDeps, target: Target, error: unknown) {
  const failures = target.failures + 1;
  const waits = Math.min(firstRetryMs * 2 ** Math.min(target.failures, 10), retryMsMax);
  const asked = error instanceof NotNow ? Math.min(error.retryAfterMs ?? 0, retryAfterMsMax) : 0;
  const waitMs = Math.max(asked, waits * (0.75 + random.float() / 2));
  const { integrationId, kind } = target;
  log.warn("Metrics could not be sent; that is tried again.", {
    integrationId,
    kind,
    failures,
    waitMs,
    error,
  });
  return {
    failures,
    retry_at: new Date(clock.now() + waitMs),
    last_error: messageOf(error),
    last_error_at: new Date(clock.now()),
  };
}

/** Other errors than these are about our own stores; their words are for the log. */
function messageOf(error: unknown): string {
  return error instanceof NotNow || error instanceof AppError ? error.message : "An internal error.";
}
