import { dayMs } from "../signals/behaviour.ts";

const minuteMs = 60_000;

/** How fine the points of a given age still are, as the GetMetricData reference states it. */
const retention: readonly { olderThanMs: number; periodMs: number }[] = [
  { olderThanMs: 63 * dayMs, periodMs: 60 * minuteMs },
  { olderThanMs: 15 * dayMs, periodMs: 5 * minuteMs },
  { olderThanMs: 3 * 60 * minuteMs, periodMs: minuteMs },
  { olderThanMs: Number.NEGATIVE_INFINITY, periodMs: 1_000 },
];

const keptForMs = 455 * dayMs;

/**
 * Timestamps of the points that a query may return: multiples of the period in [start, end), start rounded down to
 * the minute, five minutes or hour by its age, without those that are gone or no longer kept this fine.
 */
export function boundariesOf(query: {
  startMs: number;
  endMs: number;
  periodMs: number;
  nowMs: number;
}): number[] {
  const { endMs, nowMs, periodMs } = query;
  const startMs = roundStart(query.startMs, nowMs);
  const boundaries: number[] = [];
  const first = Math.max(Math.ceil(startMs / periodMs), Math.ceil((nowMs - keptForMs) / periodMs));
  const last = Math.min(endMs, nowMs);
  for (let at = first * periodMs; at < last; at += periodMs) {
    if (periodMs % retainedPeriodMs(nowMs - at) === 0) boundaries.push(at);
  }
  return boundaries;
}

function roundStart(startMs: number, nowMs: number): number {
  const step = Math.max(minuteMs, retainedPeriodMs(nowMs - startMs));
  return Math.floor(startMs / step) * step;
}

function retainedPeriodMs(ageMs: number): number {
  return retention.find(({ olderThanMs }) => ageMs > olderThanMs)?.periodMs ?? minuteMs;
}
