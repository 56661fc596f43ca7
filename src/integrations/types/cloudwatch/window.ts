import type { Position } from "../integration-type.ts";

export interface TimeRange {
  /** Epoch milliseconds; `from` inclusive, `to` exclusive. */
  readonly from: number;
  readonly to: number;
}

/** What a scope is to be asked for now, the newest time above all. */
export interface LivePlan {
  /** Undefined while nothing new can be there. */
  readonly window: TimeRange | undefined;
  /** Between what was read last and the window: too old to be read along, so it is owed. */
  readonly hole: TimeRange | undefined;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** CloudWatch shows most values one or two minutes late. */
export const settlingDelayMs = 2 * minute;

/**
 * Values go on changing for about ten minutes. Asking for them again costs nothing: AWS counts metrics, not points, and a
 * stored point is replaced.
 */
export const overlapMs = 15 * minute;

/** AWS's bound for the points in a page; a request that could hold more is answered in several. */
export const pointsPerPageMax = 100_800;

/** 500 queries of 180 points make 90,000, which fits in one page; at one-minute points that is 3 hours. */
export const livePeriodsMax = 180;

/** As many periods as a page has room for with full batches: what is owed of this time is read along with the newest. */
export const youngPeriodsMax = 201;

/** Older windows are read in long parts with fewer metrics each: as many calls, but AWS charges each metric once a part. */
export const partPeriodsMax = 1440;

/** One deep re-reading: how old the youngest of its points are, and how much time is read at once. */
interface Reading {
  readonly ageMs: number;
  readonly lengthMs: number;
}

/** AWS itself speaks of points that appear up to 48 hours late. */
export const deepReadings: readonly Reading[] = [
  { ageMs: 3 * hour, lengthMs: 6 * hour },
  { ageMs: 26 * hour, lengthMs: day },
  { ageMs: 50 * hour, lengthMs: day },
];

/** A reading that still found changes, from the last regular one on, is followed by another after this time. */
export const nextReadingAfterMs = day;

/** How metrics of one kind are asked for as time goes on. */
export interface Pace {
  readonly periodSeconds: number;
  /** Windows end on multiples of this, so it is also how often there is something to ask for. */
  readonly askEveryMs: number;
  readonly settlingMs: number;
  readonly overlapMs: number;
  /** Length of the first window. */
  readonly firstMs: number;
  readonly readings: readonly Reading[];
}

export function usualPace(periodSeconds: number): Pace {
  const periodMs = periodSeconds * 1000;
  return {
    periodSeconds,
    askEveryMs: periodMs,
    settlingMs: settlingDelayMs,
    overlapMs: Math.max(overlapMs, periodMs),
    firstMs: livePeriodsMax * periodMs,
    readings: deepReadings,
  };
}

/**
 * For metrics with a few points a day, which appear hours after their time, S3's up to two days: looked for four times a
 * period in the last three days, at first in the two weeks that AWS lists metrics for. That is deep enough by itself.
 */
export function slowPace(periodSeconds: number): Pace {
  const periodMs = periodSeconds * 1000;
  return {
    periodSeconds,
    askEveryMs: periodMs / 4,
    settlingMs: 0,
    overlapMs: 3 * day,
    firstMs: 14 * day,
    readings: [],
  };
}

/**
 * The window to ask for: from what was read last, a little earlier, to now, a little earlier, on full periods; without a
 * position the pace's first window. It is short, so that charts are live soon after a break, unless the turns themselves
 * are far apart.
 */
export function planLive(now: number, pace: Pace, position: Position | undefined, everyMs: number): LivePlan {
  const periodMs = pace.periodSeconds * 1000;
  const to = down(now - pace.settlingMs, pace.askEveryMs);
  const readTo = position && readToOf(position, now, to - livePeriodsMax * periodMs);
  if (readTo !== undefined && readTo >= to) return { window: undefined, hole: undefined };
  const wanted = readTo !== undefined ? readTo - pace.overlapMs : to - pace.firstMs;
  const from = Math.max(
    down(wanted, periodMs),
    oldestKept(now, pace),
    position ? to - livePeriods(pace, everyMs) * periodMs : Number.NEGATIVE_INFINITY,
  );
  const storedTo = readTo === undefined ? undefined : down(readTo, periodMs);
  const hole = storedTo !== undefined && storedTo < from ? { from: storedTo, to: from } : undefined;
  return { window: { from, to }, hole };
}

/**
 * What a clock that was ahead has noted as read was not there yet. Nobody knows since when it was ahead, but to wait until the
 * time has come would leave all of it out, so as much as a live window holds is read anew.
 */
function readToOf({ storedTo }: Position, now: number, windowAgo: number): number {
  return storedTo > now ? windowAgo : storedTo;
}

/** Most periods of a live window. A turn may be late by a tenth, and begins with the overlap. */
export function livePeriods({ periodSeconds, overlapMs: overlap }: Pace, everyMs: number): number {
  const wanted = Math.ceil((1.1 * everyMs + overlap) / (periodSeconds * 1000));
  return Math.min(Math.max(wanted, livePeriodsMax), partPeriodsMax);
}

/** The deep re-readings that have come due, and up to which time each is then noted. */
export function planReadings(
  now: number,
  pace: Pace,
  position: Position,
): { readings: number[]; due: { reading: number; range: TimeRange }[] } {
  const due: { reading: number; range: TimeRange }[] = [];
  const readings = pace.readings.map(({ ageMs, lengthMs }, index) => {
    const noted = position.readings[index] ?? position.startedAt;
    // A clock that was ahead has noted readings of a time that had not come; see above.
    const from = noted > position.storedTo ? now - ageMs - lengthMs : noted;
    const whole = Math.floor((Math.min(now - ageMs, position.storedTo) - from) / lengthMs);
    if (whole < 1) return from;
    const to = from + whole * lengthMs;
    due.push({ reading: index + 1, range: { from: Math.max(from, oldestKept(now, pace)), to } });
    return to;
  });
  return { readings, due: due.filter(({ range }) => range.from < range.to) };
}

/** Start of the oldest period that AWS still has in full. */
export function oldestKept(now: number, { periodSeconds }: Pace): number {
  const periodMs = periodSeconds * 1000;
  return down(now - retentionMs(periodSeconds), periodMs) + periodMs;
}

/** The first part of a window to be read at once. */
export function firstPart(window: TimeRange, pace: Pace): TimeRange {
  const { from, to } = onPeriods(window, pace);
  return { from, to: Math.min(to, from + partPeriodsMax * pace.periodSeconds * 1000) };
}

/**
 * The range and what it lacks of full periods. What was owed, or noted, at another period may begin in the middle of one, and
 * AWS counts periods from where the range begins: its points would lie beside those of all other readings.
 */
export function onPeriods({ from, to }: TimeRange, { periodSeconds }: Pace): TimeRange {
  const periodMs = periodSeconds * 1000;
  return { from: down(from, periodMs), to: -down(-to, periodMs) };
}

/** What is left of a range without the others. */
export function without(range: TimeRange, others: readonly TimeRange[]): TimeRange[] {
  let left = [range];
  for (const other of others) {
    left = left.flatMap(({ from, to }) => {
      if (other.to <= from || other.from >= to) return [{ from, to }];
      return [
        { from, to: Math.min(other.from, to) },
        { from: Math.max(other.to, from), to },
      ].filter((part) => part.from < part.to);
    });
  }
  return left;
}

/** How many queries over this range a page of the answer has room for. */
export function queriesThatFit({ from, to }: TimeRange, { periodSeconds }: Pace): number {
  return Math.floor(pointsPerPageMax / Math.ceil((to - from) / (periodSeconds * 1000)));
}

function down(time: number, step: number): number {
  return Math.floor(time / step) * step;
}

/** How long AWS keeps points of this period. */
function retentionMs(periodSeconds: number): number {
  if (periodSeconds < 300) return 15 * day;
  return periodSeconds < 3600 ? 63 * day : 455 * day;
}
