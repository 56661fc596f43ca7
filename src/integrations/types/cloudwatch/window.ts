import type { Checkpoint } from "../integration-type.ts";

export interface TimeRange {
  /** Epoch milliseconds; `from` inclusive, `to` exclusive. */
  readonly from: number;
  readonly to: number;
}

export interface WindowPlan {
  /** Ranges to ask for, in this order: the newest first, so that charts stay live, then from the oldest on. */
  readonly ranges: readonly TimeRange[];
  /** The same ranges and those left for later, oldest first. */
  readonly all: readonly TimeRange[];
  /** Time that AWS no longer keeps at this period. */
  readonly lost: TimeRange | undefined;
}

const minute = 60_000;
const day = 24 * 60 * minute;

/** CloudWatch shows most values one or two minutes late. */
export const settlingDelayMs = 2 * minute;

/**
 * Values go on changing for about ten minutes. Asking for them again costs nothing: AWS counts metrics, not points, and a
 * stored point is replaced.
 */
export const overlapMs = 15 * minute;

/** 500 queries of 180 points make 90,000, which fits in one page of 100,800; at one-minute points that is 3 hours. */
export const rangePeriodsMax = 180;

/** Bounds the work of one run; what is left over comes with the next one, at once. */
export const rangesPerRunMax = 8;

/** How metrics of one kind are asked for as time goes on. */
export interface Pace {
  readonly periodSeconds: number;
  /** Windows end on multiples of this, so it is also how often there is something to ask for. */
  readonly askEveryMs: number;
  readonly settlingMs: number;
  readonly overlapMs: number;
  /** Length of the first window. */
  readonly firstMs: number;
}

export function usualPace(periodSeconds: number): Pace {
  const periodMs = periodSeconds * 1000;
  return {
    periodSeconds,
    askEveryMs: periodMs,
    settlingMs: settlingDelayMs,
    overlapMs: Math.max(overlapMs, periodMs),
    firstMs: rangePeriodsMax * periodMs,
  };
}

/**
 * For metrics with a few points a day, which appear hours after their time, S3's up to two days: looked for four times a
 * period in the last three days, at first in the two weeks that AWS lists metrics for.
 */
export function slowPace(periodSeconds: number): Pace {
  const periodMs = periodSeconds * 1000;
  return {
    periodSeconds,
    askEveryMs: periodMs / 4,
    settlingMs: 0,
    overlapMs: 3 * day,
    firstMs: 14 * day,
  };
}

/**
 * The time to ask for: from the checkpoint, a little earlier, to now, a little earlier, on full periods. Without a
 * checkpoint the pace's first window. Nothing while nothing new can be there.
 */
export function planWindow(now: number, pace: Pace, checkpoint: Checkpoint | undefined): WindowPlan {
  const periodMs = pace.periodSeconds * 1000;
  const to = down(now - pace.settlingMs, pace.askEveryMs);
  if (checkpoint && checkpoint.storedTo >= to) return { ranges: [], all: [], lost: undefined };
  const oldest = down(now - retentionMs(pace.periodSeconds), periodMs) + periodMs;
  const wanted = checkpoint ? checkpoint.storedTo - pace.overlapMs : to - pace.firstMs;
  const from = Math.max(down(wanted, periodMs), oldest);
  const all = splitRange({ from, to }, rangePeriodsMax * periodMs);
  const lost =
    checkpoint && checkpoint.storedTo < oldest ? { from: checkpoint.storedTo, to: oldest } : undefined;
  return { ranges: [...all.slice(-1), ...all.slice(0, -1)].slice(0, rangesPerRunMax), all, lost };
}

function down(time: number, step: number): number {
  return Math.floor(time / step) * step;
}

/** How long AWS keeps points of this period. */
function retentionMs(periodSeconds: number): number {
  if (periodSeconds < 300) return 15 * day;
  return periodSeconds < 3600 ? 63 * day : 455 * day;
}

function splitRange({ from, to }: TimeRange, lengthMs: number): TimeRange[] {
  const ranges: TimeRange[] = [];
  for (let start = from; start < to; start += lengthMs) {
    ranges.push({ from: start, to: Math.min(start + lengthMs, to) });
  }
  return ranges;
}

/** The end of what is complete without a hole, from the oldest range on; undefined when the oldest is not. */
export function completeTo(
  all: readonly TimeRange[],
  isComplete: (range: TimeRange) => boolean,
): number | undefined {
  let end: number | undefined;
  for (const range of all) {
    if (!isComplete(range)) break;
    end = range.to;
  }
  return end;
}
