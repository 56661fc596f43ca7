import type { Clock } from "../base/index.ts";
import { type Integrations, RunLostError } from "../integrations/index.ts";

/** That a run belongs to this worker, as long as it says so often enough. */
export interface Lease {
  /** Throws RunLostError once the lease may be over, without asking anybody: for right before something is done. */
  check(): void;
  /** Ends the renewals and waits for the one under way. */
  release(): Promise<void>;
}

/**
 * Renews the lease of a run, and tells `lost` once when it is lost. A worker that cannot reach the database to say that it lives
 * will be thought dead, so it gives up before that. One that was stopped in the middle and goes on later, with timers all due
 * at once, may come to `check` before the renewal fails.
 */
export function holdLease(
  deps: { runs: Pick<Integrations["runs"], "renew">; clock: Clock; leaseMs: number },
  runId: string,
  lost: (error: RunLostError) => void,
): Lease {
  const { runs, clock, leaseMs } = deps;
  const done = new AbortController();
  let until = clock.monotonic() + leaseMs;
  let isLost = false;
  const lose = (): RunLostError => {
    const error = new RunLostError("The lease of the run was lost.");
    if (!isLost) lost(error);
    isLost = true;
    return error;
  };
  const renewals = async () => {
    for (;;) {
      await clock.sleep(leaseMs / 4, done.signal);
      // From before it is asked, since nobody knows when the answer was given.
      const askedAt = clock.monotonic();
      const renewed = await runs.renew(runId, leaseMs).catch(() => undefined);
      if (renewed) until = askedAt + leaseMs;
      if (renewed === false || clock.monotonic() > until - leaseMs / 4) {
        lose();
        return;
      }
    }
  };
  // Ends with the reason that the sleep was ended for.
  const ended = renewals().catch(() => {});
  return {
    check: () => {
      if (isLost || clock.monotonic() > until) throw lose();
    },
    release: async () => {
      done.abort();
      await ended;
    },
  };
}
