import type { BookEntry, Owed, Position, Trouble } from "../integration-type.ts";
import { planBatches, type SelectedMetric, type SeriesShelf } from "./collect.ts";
import { defaultStatistics } from "./config.ts";
import { byKey, hashOfKey, sliceByKeys } from "./keys.ts";
import type { Kind } from "./kinds.ts";
import {
  canBePaid,
  expire,
  isDueAt,
  isYoung,
  joinFailures,
  oweAll,
  oweLive,
  readOnceMore,
  restOf,
  widen,
} from "./owing.ts";
import { type BatchesOutcome, type PlannedBatch, type Region, readBatches } from "./read.ts";
import { planStarts, spreadMsOf } from "./spread.ts";
import {
  deepReadings,
  firstPart,
  oldestKept,
  onPeriods,
  type Pace,
  planLive,
  planReadings,
  queriesThatFit,
  type TimeRange,
  without,
  youngPeriodsMax,
} from "./window.ts";

/** Metrics of one region that are asked for at one pace. */
export interface Scope {
  readonly region: Region;
  readonly name: string;
  readonly kind: Kind | undefined;
  readonly pace: Pace;
  readonly everyMs: number;
  /** In the order of their keys. */
  readonly metrics: readonly SelectedMetric[];
  /** Metrics that were never read before, apart from `metrics`; always none in a scope that was never read. */
  readonly fresh: readonly SelectedMetric[];
  readonly shelf: SeriesShelf;
}

export interface ScopeOutcome {
  /** All that was asked for is stored. */
  readonly complete: boolean;
  /** More is due than there was time for. */
  readonly behind: boolean;
  /** Fresh metrics that have been read now. */
  readonly readFresh: readonly SelectedMetric[];
}

/** True when there is something to ask for: a new window, or an old one that is due. */
export async function isDue(scope: Pick<Scope, "region" | "name" | "pace" | "everyMs">): Promise<boolean> {
  const { clock, books } = scope.region.context;
  const now = clock.now();
  const position = await books.position(scope.name);
  if (planLive(now, scope.pace, position, scope.everyMs).window) return true;
  return (await books.owed(scope.name)).some((owed) => isPayableAt(owed, scope.pace, position, now));
}

/** First the newest time, then what is owed, the oldest first, until the newest time is due again. */
export async function collectScope(scope: Scope): Promise<ScopeOutcome> {
  const live = await collectLive(scope);
  if (live.position) await noteReadings(scope, live.position);
  if (live.stuck) return { complete: false, behind: false, readFresh: [] };
  // Fresh metrics too: they may have come while nothing was read, and had points in that time.
  const metrics = scope.fresh.length === 0 ? scope.metrics : [...scope.metrics, ...scope.fresh].sort(byKey);
  const owed = await payOwed({ ...scope, metrics }, live.position);
  return { complete: live.complete && owed.complete, behind: owed.behind, readFresh: live.readFresh };
}

/** The scope as a whole could not be read: what comes next remembers why. */
export async function noteTrouble(
  scope: Pick<Scope, "region" | "name" | "pace" | "everyMs">,
  trouble: Trouble,
): Promise<void> {
  const { clock, books } = scope.region.context;
  const stored = await books.position(scope.name);
  const { window } = planLive(clock.now(), scope.pace, stored, scope.everyMs);
  if (!stored && !window) return;
  const position = stored ?? startAt(window?.from ?? 0);
  await books.record(scope.name, { position: { ...position, trouble } });
}

function startAt(time: number): Position {
  return { startedAt: time, storedTo: time, askedAt: time, metrics: 0, readings: [], trouble: null };
}

interface LiveOutcome {
  readonly position: Position | undefined;
  readonly complete: boolean;
  /** Not one batch could be read, so there is no point in asking for more. */
  readonly stuck: boolean;
  readonly readFresh: readonly SelectedMetric[];
}

async function collectLive(scope: Scope): Promise<LiveOutcome> {
  const { region, pace, metrics, fresh, shelf } = scope;
  const { clock, books, progress } = region.context;
  const now = clock.now();
  const before = await books.position(scope.name);
  const { window, hole } = planLive(now, pace, before, scope.everyMs);
  if (!window) return { position: before, complete: true, stuck: false, readFresh: [] };
  noteWindow(scope, window);
  const owed = await books.owed(scope.name);
  const young = owed.filter((one) => isYoung(one, window.to, pace) && canBePaid(one, metrics));
  const planned = planLiveBatches(scope, window, young);
  const freshBatches = planFreshBatches(scope, window);
  const outcome = await readBatches(region, planned, { shelf, knownTo: before?.storedTo ?? 0 });
  const freshOutcome = await readBatches(region, freshBatches, { shelf, knownTo: 0 });
  progress.seriesStored += outcome.series + freshOutcome.series;
  progress.metricsStored += outcome.metrics + freshOutcome.metrics;
  const complete = outcome.failures.length + freshOutcome.failures.length === 0;
  if (outcome.read.length === 0 && planned.length > 0) {
    const { reason, detail } = outcome.failures[0] ?? { reason: "error", detail: "Nothing could be read." };
    await noteTrouble(scope, { reason, detail });
    return { position: undefined, complete: false, stuck: true, readFresh: [] };
  }
  const position = {
    ...(before ?? startAt(window.from)),
    storedTo: window.to,
    askedAt: now,
    metrics: metrics.length + fresh.length,
    trouble: null,
  };
  const entry = settleLive(scope, { outcome, young, hole, before, now });
  await books.record(scope.name, { ...entry, position });
  return { position, complete, stuck: false, readFresh: readOf(freshOutcome) };
}

/** The window of the run is that of the usual metrics; the slow ones look back over days. */
function noteWindow({ kind, region }: Scope, { from, to }: TimeRange): void {
  if (kind) return;
  const { progress } = region.context;
  progress.windowFrom = Math.min(progress.windowFrom ?? from, from);
  progress.windowTo = Math.max(progress.windowTo ?? to, to);
}

function planLiveBatches(scope: Scope, window: TimeRange, young: readonly Owed[]): PlannedBatch[] {
  const statistics = statisticsOf(scope);
  const { periodSeconds } = scope.pace;
  const longest = {
    from: Math.min(window.from, window.to - youngPeriodsMax * periodSeconds * 1000),
    to: window.to,
  };
  const batches = planBatches(scope.metrics, statistics, {
    periodSeconds,
    queriesMax: queriesThatFit(longest, scope.pace),
  });
  const { config, context } = scope.region;
  const starts = planStarts(batches.length, spreadMsOf(config, scope.everyMs), context.clock.now());
  return batches.map((batch, index) => ({
    batch,
    range: { from: onPeriods(widen(window, batch, young), scope.pace).from, to: window.to },
    startAt: starts[index]!,
  }));
}

/** What a metric had before it came to be listed is read along with its first window. */
function planFreshBatches({ fresh, pace, ...scope }: Scope, window: TimeRange): PlannedBatch[] {
  const range = { from: Math.min(window.from, window.to - pace.firstMs), to: window.to };
  const batches = planBatches(fresh, statisticsOf(scope), {
    periodSeconds: pace.periodSeconds,
    queriesMax: queriesThatFit(range, pace),
  });
  return batches.map((batch) => ({ batch, range }));
}

function statisticsOf({ region }: Pick<Scope, "region">): readonly string[] {
  return region.config.statistics ?? defaultStatistics;
}

/** A fresh metric of which something is missing stays fresh. */
function readOf({ read, failures }: BatchesOutcome): SelectedMetric[] {
  const failed = new Set(failures.flatMap(({ metrics }) => metrics));
  return read.flatMap(({ metrics }) => metrics).filter((metric) => !failed.has(metric));
}

function settleLive(
  { pace, region }: Scope,
  facts: {
    outcome: BatchesOutcome;
    young: readonly Owed[];
    hole: TimeRange | undefined;
    before: Position | undefined;
    now: number;
  },
): BookEntry {
  const { outcome, young, hole, before, now } = facts;
  const { progress } = region.context;
  const failed = oweLive(outcome.failures, young, now, pace);
  const owe = hole ? [...failed, oweAll(hole, before?.trouble ?? downtime, { reading: 0, now })] : failed;
  progress.windowsOwed += owe.length;
  progress.windowsPaid += young.length;
  return { settled: young.map(({ id }) => id), owe };
}

const downtime: Trouble = {
  reason: "downtime",
  detail: "The integration was not run at this time: the server was down, or the integration disabled.",
};

/** Notes the deep re-readings that are due, and what AWS no longer keeps. */
async function noteReadings({ name, pace, region }: Scope, position: Position): Promise<void> {
  const { books, clock, progress } = region.context;
  const now = clock.now();
  const { readings, due } = planReadings(now, pace, position);
  const owed = await books.owed(name);
  const { settled, owe, lost } = expire(owed, oldestKept(now, pace));
  if (due.length + settled.length === 0) return;
  // What was never read will be read late enough by itself.
  const missing = owed.filter((one) => one.reading === 0 && one.fromKey === null && one.toKey === null);
  const again = due.flatMap(({ reading, range }) =>
    without(range, missing).map((part) => oweAll(part, rereading(reading), { reading, now })),
  );
  progress.windowsOwed += again.length;
  await books.record(name, { position: { ...position, readings }, settled, owe: [...owe, ...again], lost });
}

function rereading(reading: number): Trouble {
  const hours = (deepReadings[reading - 1]?.ageMs ?? 0) / 3_600_000;
  return {
    reason: "re-read",
    detail: `Read again when it is ${hours} hours old, since values change for days.`,
  };
}

async function payOwed(
  scope: Scope,
  position: Position | undefined,
): Promise<{ complete: boolean; behind: boolean }> {
  const { clock, books, signal, spending } = scope.region.context;
  let complete = true;
  for (;;) {
    signal.throwIfAborted();
    const now = clock.now();
    const due = await payable(scope, position, now);
    const [first] = due;
    if (!first) return { complete, behind: false };
    if (spending.refusal() !== undefined) return { complete, behind: false };
    const { window } = planLive(now, scope.pace, position, scope.everyMs);
    if (window && position && window.to - position.storedTo >= scope.everyMs)
      return { complete, behind: true };
    const group = due.filter((one) => isTogether(one, first));
    const paid = await payGroup(scope, group, now);
    await books.record(scope.name, paid.entry);
    complete &&= paid.complete;
    // What failed for one window will fail for the next; it is tried again in the next run.
    if (paid.stuck) return { complete, behind: false };
  }
}

async function payable(scope: Scope, position: Position | undefined, now: number): Promise<Owed[]> {
  const { metrics, pace, region } = scope;
  const owed = await region.context.books.owed(scope.name);
  return owed
    .filter((one) => isPayableAt(one, pace, position, now) && canBePaid(one, metrics))
    .sort((a, b) => Math.min(a.reading, 1) - Math.min(b.reading, 1) || a.from - b.from);
}

/** By itself: what is young is paid by the live readings. */
function isPayableAt(owed: Owed, pace: Pace, position: Position | undefined, now: number): boolean {
  return isDueAt(owed, now) && !(position && isYoung(owed, position.storedTo, pace));
}

function isTogether(a: Owed, b: Owed): boolean {
  return a.from === b.from && a.to === b.to && a.reading === b.reading;
}

/** Reads the first part of owed windows of the same time with one set of calls. */
async function payGroup(
  scope: Scope,
  group: readonly Owed[],
  now: number,
): Promise<{ entry: BookEntry; complete: boolean; stuck: boolean }> {
  const { region, shelf, metrics, pace } = scope;
  const [first] = group as [Owed];
  const part = firstPart(first, pace);
  const wanted = new Set(group.flatMap((owed) => sliceByKeys(metrics, owed)));
  const batches = planBatches(
    metrics.filter((metric) => wanted.has(metric)),
    statisticsOf(scope),
    { periodSeconds: pace.periodSeconds, queriesMax: queriesThatFit(part, pace) },
  );
  const planned = batches.map((batch) => ({ batch, range: part }));
  const knownTo = first.reading > 0 ? part.to : 0;
  const outcome = await readBatches(region, planned, { shelf, knownTo });
  const failures = joinFailures(outcome.failures);
  const owe = group.flatMap((owed) => restOf(owed, part, failures, now));
  if (first.reading >= pace.readings.length && first.reading > 0) {
    owe.push(...readOnceMore(outcome.changed, first, part, now));
  }
  region.context.progress.windowsPaid += group.length;
  region.context.progress.windowsOwed += failures.length;
  return {
    entry: { settled: group.map(({ id }) => id), owe },
    complete: failures.length === 0,
    stuck: outcome.read.length === 0 && planned.length > 0,
  };
}

/** Metrics that were read before, and those that were not; nothing known means that all were. */
export function splitFresh(
  metrics: readonly SelectedMetric[],
  known: ReadonlySet<number> | undefined,
): { old: readonly SelectedMetric[]; fresh: readonly SelectedMetric[] } {
  if (known === undefined) return { old: metrics, fresh: [] };
  const { old = [], fresh = [] } = Object.groupBy(metrics, ({ key }) =>
    known.has(hashOfKey(key)) ? "old" : "fresh",
  );
  return { old, fresh };
}
