import type { KeyRange, NewOwed, Owed, Trouble } from "../integration-type.ts";
import type { Batch, SelectedMetric } from "./collect.ts";
import { allKeys, hasKey, intersect, isAllKeys, onlyKey, sliceByKeys } from "./keys.ts";
import { nextReadingAfterMs, type Pace, type TimeRange, without, youngPeriodsMax } from "./window.ts";

/** What a reading did not get: some metrics over a range of time. */
export interface Failure extends KeyRange, Trouble {
  readonly range: TimeRange;
  readonly metrics: readonly SelectedMetric[];
}

/** Beyond this many, what was not got is owed as one window over all of them: reading too much is better than books that grow without end. */
const failuresApartMax = 500;

const firstRetryMs = 60_000;
const lastRetryMs = 6 * 3_600_000;

/**
 * When a window that was tried so often is tried again: a minute later, doubling up to six hours. A metric that never gets whole owes
 * a window more every few hours until AWS keeps them no longer; read hourly, they would come to cost more than the live readings.
 */
export function retryAt(now: number, tries: number): number {
  return now + Math.min(firstRetryMs * 2 ** Math.max(0, tries - 1), lastRetryMs);
}

export function failureOfBatch(batch: Batch, range: TimeRange, trouble: Trouble): Failure {
  return { fromKey: batch.fromKey, toKey: batch.toKey, metrics: batch.metrics, range, ...trouble };
}

export function failureOfMetric(metric: SelectedMetric, range: TimeRange, trouble: Trouble): Failure {
  return { ...onlyKey(metric.key), metrics: [metric], range, ...trouble };
}

/** Failures of neighbouring batches over the same range are one, and very many of any kind too. */
export function joinFailures(failures: readonly Failure[]): Failure[] {
  const joined: Failure[] = [];
  for (const failure of failures.toSorted(compareKeys)) {
    const last = joined.at(-1);
    if (last && isNext(last, failure)) joined[joined.length - 1] = join(last, failure);
    else joined.push(failure);
  }
  if (joined.length <= failuresApartMax) return joined;
  const [first, ...others] = joined;
  return first ? [others.reduce(join, first)] : [];
}

function compareKeys(a: Failure, b: Failure): number {
  const [left, right] = [a.fromKey ?? "", b.fromKey ?? ""];
  return left < right ? -1 : left > right ? 1 : 0;
}

function isNext(last: Failure, { fromKey, range, reason }: Failure): boolean {
  const sameTime = last.range.from === range.from && last.range.to === range.to;
  return sameTime && last.reason === reason && last.toKey !== null && last.toKey === fromKey;
}

function join(a: Failure, b: Failure): Failure {
  return {
    ...a,
    fromKey: a.fromKey,
    toKey: b.toKey,
    metrics: [...a.metrics, ...b.metrics],
    range: { from: Math.min(a.range.from, b.range.from), to: Math.max(a.range.to, b.range.to) },
  };
}

/** Debts that the next live reading of their metrics pays along with it, at no charge. */
export function isYoung(owed: NewOwed, liveTo: number, { periodSeconds }: Pace): boolean {
  return owed.reading === 0 && owed.from >= liveTo - youngPeriodsMax * periodSeconds * 1000;
}

/**
 * Whether it is time to pay. A time further ahead than any retry was set for a longer period, when the window was to be young for
 * days, or by a clock that was wrong: to wait for it could be to wait until AWS keeps nothing.
 */
export function isDueAt({ dueAt, reading }: NewOwed, now: number): boolean {
  return dueAt <= now || (reading === 0 && dueAt > now + lastRetryMs);
}

/** The live window of a batch, begun earlier where its metrics owe something young. */
export function widen(window: TimeRange, batch: KeyRange, young: readonly Owed[]): TimeRange {
  let { from } = window;
  for (const owed of young) if (owed.from < from && intersect(owed, batch)) from = owed.from;
  return { from, to: window.to };
}

/**
 * What is owed after a live reading. The young debts have been asked for along with it: what of them failed again is among
 * the failures, which take over since when it is owed and how often it was tried.
 */
export function oweLive(
  failures: readonly Failure[],
  young: readonly Owed[],
  now: number,
  pace: Pace,
): NewOwed[] {
  return joinFailures(failures).map((failure) => {
    const before = young.filter((owed) => intersect(owed, failure) !== undefined);
    const since = Math.min(now, ...before.map(({ owedSince }) => owedSince));
    return toOwed(failure, {
      reading: 0,
      tries: 1 + Math.max(0, ...before.map(({ tries }) => tries)),
      owedSince: since,
      // As long as it is young, the live readings pay it.
      dueAt: failure.range.from + youngPeriodsMax * pace.periodSeconds * 1000,
    });
  });
}

/** What is left of an owed window after a part of it was read for all its metrics but the failed ones. */
export function restOf(owed: Owed, part: TimeRange, failures: readonly Failure[], now: number): NewOwed[] {
  const { id: _id, ...window } = owed;
  const later = without({ from: owed.from, to: owed.to }, [part]).map((range) => ({ ...window, ...range }));
  const again = joinFailures(failures.flatMap((failure) => cut(failure, owed))).map((failure) =>
    toOwed(
      { ...failure, range: part },
      {
        reading: owed.reading,
        tries: owed.tries + 1,
        owedSince: owed.owedSince,
        dueAt: retryAt(now, owed.tries + 1),
      },
    ),
  );
  return [...later, ...again];
}

function cut(failure: Failure, keys: KeyRange): Failure[] {
  const common = intersect(failure, keys);
  if (!common) return [];
  return [{ ...failure, ...common, metrics: failure.metrics.filter(({ key }) => hasKey(keys, key)) }];
}

/** After the last regular re-reading, metrics that still changed are read once more a day later. */
export function readOnceMore(changed: readonly Batch[], owed: Owed, part: TimeRange, now: number): NewOwed[] {
  const detail = "Values still changed at the last reading.";
  const failures = changed.map((batch) => failureOfBatch(batch, part, { reason: "re-read", detail }));
  return joinFailures(failures).map((failure) =>
    toOwed(failure, {
      reading: owed.reading + 1,
      tries: 0,
      owedSince: now,
      dueAt: now + nextReadingAfterMs,
    }),
  );
}

function toOwed(failure: Failure, rest: Pick<NewOwed, "reading" | "tries" | "owedSince" | "dueAt">): NewOwed {
  const { fromKey, metrics, reason, detail, range, toKey } = failure;
  const names = isAllKeys(failure)
    ? { firstMetric: null, lastMetric: null, metrics: 0 }
    : { firstMetric: nameOf(metrics[0]), lastMetric: nameOf(metrics.at(-1)), metrics: metrics.length };
  return { ...rest, ...range, ...names, fromKey, toKey, reason, detail };
}

function nameOf(metric: SelectedMetric | undefined): string | null {
  return metric ? `${metric.namespace} ${metric.metricName}` : null;
}

/** A window of all metrics of the scope. */
export function oweAll(range: TimeRange, trouble: Trouble, rest: { reading: number; now: number }): NewOwed {
  const { reading, now } = rest;
  return toOwed(
    { ...allKeys, ...trouble, range, metrics: [] },
    { reading, tries: 0, owedSince: now, dueAt: now },
  );
}

/** Debts that name metrics of which none is asked for any more cannot be paid now. */
export function canBePaid(owed: Owed, metrics: readonly SelectedMetric[]): boolean {
  return isAllKeys(owed) || sliceByKeys(metrics, owed).length > 0;
}

/** Windows, or their beginnings, that AWS no longer keeps: those never read are lost, the others just end. */
export function expire(
  all: readonly Owed[],
  oldest: number,
): { settled: string[]; owe: NewOwed[]; lost: NewOwed[] } {
  const old = all.filter(({ from }) => from < oldest);
  return {
    settled: old.map(({ id }) => id),
    owe: old.filter(({ to }) => to > oldest).map(({ id: _id, ...owed }) => ({ ...owed, from: oldest })),
    lost: old
      .filter(({ reading }) => reading === 0)
      .map(({ id: _id, ...owed }) => ({ ...owed, to: Math.min(owed.to, oldest) })),
  };
}
