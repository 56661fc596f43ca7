import type { Simulator } from "../../../simulator/index.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What goes wrong, and when. */
export interface Schedule {
  /** Time that is collected and compared. */
  readonly compared: Span;
  /** The time after it in which debts are paid. */
  readonly endMs: number;
  /** The collector is not running. */
  readonly stopped: readonly Span[];
  /** AWS answers every call of CloudWatch with 503. */
  readonly away: readonly Span[];
  /** AWS refuses far more calls than usual. */
  readonly throttled: readonly Span[];
  readonly restarts: readonly { readonly atMs: number; readonly kind: "stop" | "kill" }[];
  readonly throttleRate: number;
  readonly throttleRateWorst: number;
  readonly internalErrorRate: number;
}

export interface ScheduleOptions {
  readonly startMs: number;
  readonly days: number;
  /** Days after the compared ones, in which nothing goes wrong any more. */
  readonly daysAfter: number;
}

/**
 * Of ten days: half an hour without AWS, six hours and three days without the collector, an hour in which 30 % of the calls are
 * throttled, a restart every 9 hours, every second one by a kill in the middle of a poll. Other lengths are scaled.
 */
export function usualTroubles({ startMs, days, daysAfter }: ScheduleOptions): Schedule {
  const scale = days / 10;
  const span = (fromDay: number, lengthMs: number): Span => ({
    fromMs: startMs + fromDay * scale * dayMs,
    toMs: startMs + fromDay * scale * dayMs + lengthMs * scale,
  });
  const throttledFromMs = startMs + 1.4 * scale * dayMs;
  const restartEveryMs = 9 * hourMs * scale;
  const count = Math.floor((days * dayMs) / restartEveryMs);
  return {
    ...quiet({ startMs, days, daysAfter }),
    away: [span(2.3, 30 * minuteMs)],
    stopped: [span(3.7, 6 * hourMs), span(5.5, 3 * dayMs)],
    throttled: [{ fromMs: throttledFromMs, toMs: throttledFromMs + hourMs }],
    restarts: Array.from({ length: count }, (_, n) => ({
      atMs: startMs + (n + 0.5) * restartEveryMs,
      kind: n % 2 === 0 ? ("kill" as const) : ("stop" as const),
    })),
    throttleRate: 0.01,
    throttleRateWorst: 0.3,
    internalErrorRate: 0.005,
  };
}

/** The same days without any trouble; points are as late as ever. */
export function quiet({ startMs, days, daysAfter }: ScheduleOptions): Schedule {
  return {
    compared: { fromMs: startMs, toMs: startMs + days * dayMs },
    endMs: startMs + (days + daysAfter) * dayMs,
    stopped: [],
    away: [],
    throttled: [],
    restarts: [],
    throttleRate: 0,
    throttleRateWorst: 0,
    internalErrorRate: 0,
  };
}

/** Times at which something changes, in order. */
export function turningPoints(schedule: Schedule): number[] {
  const { away, stopped, throttled, restarts, compared, endMs } = schedule;
  const times = [
    ...[...away, ...stopped, ...throttled].flatMap(({ fromMs, toMs }) => [fromMs, toMs]),
    ...restarts.map(({ atMs }) => atMs),
    compared.toMs,
    endMs,
  ];
  return [...new Set(times)].sort((a, b) => a - b);
}

export function within(spans: readonly Span[], atMs: number): boolean {
  return spans.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs);
}

/** Gives the simulated AWS the faults of this moment. */
export function applyFaults({ faults }: Simulator, schedule: Schedule, atMs: number): void {
  faults.clear();
  if (atMs >= schedule.compared.toMs) return;
  const service = "monitoring";
  if (within(schedule.away, atMs)) faults.add({ service, kind: "error503" });
  const throttleRate = within(schedule.throttled, atMs) ? schedule.throttleRateWorst : schedule.throttleRate;
  if (throttleRate > 0) faults.add({ service, kind: "throttle", rate: throttleRate });
  if (schedule.internalErrorRate > 0)
    faults.add({
      service,
      operation: "GetMetricData",
      kind: "internal-error",
      resultRate: schedule.internalErrorRate,
    });
}
