import { type Clock, createTokenBuckets } from "../base/index.ts";
import type { RefusalKind } from "./refusal.ts";

/** Who was refused for these has proved nothing. */
const unproven: ReadonlySet<RefusalKind> = new Set([
  "credentials_missing",
  "authorization_malformed",
  "key_unknown",
  "key_inactive",
  "key_expired",
  "signature_rejected",
]);

/** One address may fail so often at once and go on at that rate: more than people who try, fewer than programs that guess. */
const failuresAtOnce = 100;
const failuresPerSecond = 10;
/** Shorter than any sender waits for an answer. */
const waitMs = 1_000;
/** As many as one address may have connections; the rest is told at once, which costs less than to keep it. */
const waitingMax = 1_024;

/** Slows down whoever keeps on sending without proof: who waits for answers cannot ask faster than they come. */
export interface Strangers {
  /** Resolves when a refusal may be told. */
  answerable(address: string, kind: RefusalKind): Promise<void>;
}

export function createStrangers(clock: Clock): Strangers {
  const failures = createTokenBuckets({ clock, perSecond: failuresPerSecond, burst: failuresAtOnce });
  let waiting = 0;
  return {
    answerable: async (address, kind) => {
      if (!unproven.has(kind) || failures.take(address) === 0 || waiting >= waitingMax) return;
      waiting += 1;
      try {
        await clock.sleep(waitMs);
      } finally {
        waiting -= 1;
      }
    },
  };
}
