import { type Clock, createTokenBuckets } from "../base/index.ts";
import { IngestRefusal } from "./refusal.ts";

/** AWS's rate of requests, per key instead of per account. */
export interface RequestRates {
  /** Throws `rate_limited`. */
  take(holder: string): void;
}

/** `perSecond` requests on average and at once; 0: no limit. */
export function createRequestRates(clock: Pick<Clock, "monotonic">, perSecond: number): RequestRates {
  if (perSecond === 0) return { take: () => {} };
  const buckets = createTokenBuckets({ clock, perSecond, burst: perSecond });
  return {
    take: (holder) => {
      if (buckets.take(holder) > 0)
        throw new IngestRefusal("rate_limited", `More than ${perSecond} requests a second with one key.`);
    },
  };
}
