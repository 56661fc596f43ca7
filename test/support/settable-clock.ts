import type { Clock } from "../../src/base/index.ts";

/** A clock that stands still until it is moved; sleepers wake when their time has come. */
export interface SettableClock extends Clock {
  advance(ms: number): void;
}

export function createSettableClock(startMs: number): SettableClock {
  let now = startMs;
  const sleepers = new Set<{ at: number; wake: () => void }>();
  return {
    now: () => now,
    monotonic: () => now - startMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { at: now + ms, wake: resolve };
        if (signal?.aborted) return reject(signal.reason);
        signal?.addEventListener("abort", () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
        sleepers.add(sleeper);
      }),
    advance: (ms) => {
      now += ms;
      for (const sleeper of sleepers) {
        if (sleeper.at > now) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    },
  };
}
