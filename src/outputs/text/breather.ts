import { setImmediate } from "node:timers/promises";
import { AppError, type Clock } from "../../base/index.ts";

/** Without a pause others wait this long at most, and one step. */
const workMs = 20;
/** The largest range that is given takes about a fifth of it. */
const workMsMax = 60_000;

/** Keeps long work of one request from holding up all others, and from going on for ever when nobody waits for it any more. */
export interface Breather {
  /** Runs the steps one by one, with pauses in between. Throws `query_timed_out` when all calls together worked too long. */
  each<T>(items: Iterable<T>, step: (item: T) => void): Promise<void>;
}

export function createBreather(clock: Pick<Clock, "monotonic">): Breather {
  let worked = 0;
  return {
    each: async (items, step) => {
      let began = clock.monotonic();
      for (const item of items) {
        step(item);
        const slice = clock.monotonic() - began;
        if (slice < workMs) continue;
        worked += slice;
        if (worked > workMsMax) throw new AppError("query_timed_out");
        await setImmediate();
        began = clock.monotonic();
      }
      worked += clock.monotonic() - began;
    },
  };
}
