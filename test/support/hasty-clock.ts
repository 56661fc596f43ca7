import { type Clock, systemClock } from "../../src/base/index.ts";

const factor = 10;

/** A clock of which every process sees a minute pass in six seconds. */
export function createHastyClock(sinceMs: number): Clock {
  return {
    now: () => sinceMs + (systemClock.now() - sinceMs) * factor,
    monotonic: () => systemClock.monotonic() * factor,
    sleep: (ms, signal) => systemClock.sleep(ms / factor, signal),
  };
}
