import type { Clock } from "../base/index.ts";
import { IngestRefusal } from "./refusal.ts";

/** AWS's rate of requests, per key instead of per account. */
export interface RequestRates {
  /** Throws `rate_limited`. */
  take(holder: string): void;
}

/** Buckets of keys that sent nothing for a second are full again, and need not be kept. */
const holdersMax = 10_000;

/** `perSecond` requests on average and at once; 0: no limit. */
export function createRequestRates(clock: Pick<Clock, "monotonic">, perSecond: number): RequestRates {
  const buckets = new Map<string, { tokens: number; at: number }>();
  const forgetFull = (now: number) => {
    for (const [holder, { at }] of buckets) if (now - at >= 1000) buckets.delete(holder);
  };
  return {
    take: (holder) => {
      if (perSecond === 0) return;
      const now = clock.monotonic();
      let bucket = buckets.get(holder);
      if (!bucket) {
        if (buckets.size >= holdersMax) forgetFull(now);
        bucket = { tokens: perSecond, at: now };
        buckets.set(holder, bucket);
      }
      bucket.tokens = Math.min(perSecond, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
      bucket.at = now;
      if (bucket.tokens < 1)
        throw new IngestRefusal("rate_limited", `More than ${perSecond} requests a second with one key.`);
      bucket.tokens -= 1;
    },
  };
}
