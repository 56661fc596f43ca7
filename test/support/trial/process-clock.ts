import type { Clock } from "../../../src/base/index.ts";
import type { SettableClock } from "../settable-clock.ts";

/** Pauses up to this length are the work's own (pacing, backing off); longer ones are deadlines and turns. */
const pauseMaxMs = 14_000;

/** What one simulated process sees of the trial's time, until it is killed. */
export interface ProcessClock extends Clock {
  /** Whether the process waits for its next turn. */
  readonly resting: boolean;
  /** End of the earliest pause of the work under way. */
  nextPauseEnd(): number | undefined;
  /** From now on no pause of this process ends. */
  freeze(): void;
}

/** `turnMs` is the pause by which a turn is told from everything else. */
export function createProcessClock(clock: SettableClock, turnMs: number): ProcessClock {
  const pauses = new Set<{ readonly end: number }>();
  let [resting, frozen] = [false, false];
  const never = new Promise<never>(() => {});
  const sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    if (frozen) return never;
    const pause = { end: clock.now() + ms };
    if (ms === turnMs) resting = true;
    else if (ms <= pauseMaxMs) pauses.add(pause);
    try {
      await clock.sleep(ms, signal);
    } finally {
      if (ms === turnMs) resting = false;
      pauses.delete(pause);
    }
    if (frozen) await never;
  };
  return {
    now: clock.now,
    monotonic: clock.monotonic,
    sleep,
    get resting() {
      return resting;
    },
    nextPauseEnd: () => (pauses.size === 0 ? undefined : Math.min(...[...pauses].map(({ end }) => end))),
    freeze: () => {
      frozen = true;
    },
  };
}
