import type { LogEvent } from "@nephoscope/contract";

/** What live tail keeps: the newest arrivals, and how many came in lately. */
export interface TailBuffer {
  /** Newest arrival first. */
  readonly events: readonly LogEvent[];
  /** Events that were let go since the list is bounded. */
  readonly dropped: number;
  readonly arrivals: readonly { readonly at: number; readonly count: number }[];
}

export const tailEventsMost = 1000;
const rateWindowMs = 10_000;

export const emptyTail: TailBuffer = { events: [], dropped: 0, arrivals: [] };

/** `items` in the order in which they came in. An event that is there already is not taken twice. */
export function withArrivals(buffer: TailBuffer, items: readonly LogEvent[], now: number): TailBuffer {
  const known = new Set(buffer.events.map((event) => event.id));
  const fresh = items.filter((event) => !known.has(event.id));
  const all = [...fresh.toReversed(), ...buffer.events];
  return {
    events: all.slice(0, tailEventsMost),
    dropped: buffer.dropped + Math.max(0, all.length - tailEventsMost),
    arrivals: [
      ...buffer.arrivals.filter(({ at }) => at > now - rateWindowMs),
      ...(fresh.length === 0 ? [] : [{ at: now, count: fresh.length }]),
    ],
  };
}

/** What was there before the tail began: shown, but not counted as having come in. */
export const tailOf = (items: readonly LogEvent[]): TailBuffer => ({
  ...withArrivals(emptyTail, items, 0),
  arrivals: [],
});

/** Events per second over the last ten seconds. */
export function rateOf(buffer: TailBuffer, now: number): number {
  const count = buffer.arrivals
    .filter(({ at }) => at > now - rateWindowMs)
    .reduce((sum, arrival) => sum + arrival.count, 0);
  return count / (rateWindowMs / 1000);
}

/** How long to wait before asking again: not at all while more is waiting, longer after each failure. */
export function pauseBeforeNext(full: boolean, failures: number): number {
  if (failures > 0) return Math.min(1000 * 2 ** (failures - 1), 15_000);
  return full ? 0 : 1000;
}
