import { AppError, type Clock } from "../../base/index.ts";

/** So many requests at once as add up in this time: a page that loads, or a script that starts, is no flood. */
const burstSeconds = 10;
/** Who has not called for longest makes room: by then the bucket is full again, or the server has other troubles. */
const callersMax = 10_000;

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** A token bucket per caller, so that one that runs wild takes nothing from the others. */
export interface RequestRates {
  /** Throws `rate_limited` with the time until the next request would pass. */
  take(caller: string): void;
}

/** `requestsPerSecond` on average; 0 limits nothing. */
export function createRequestRates(deps: { clock: Clock; requestsPerSecond: number }): RequestRates {
  const { clock, requestsPerSecond } = deps;
  if (requestsPerSecond === 0) return { take: () => {} };
  const burst = requestsPerSecond * burstSeconds;
  const buckets = new Map<string, Bucket>();

  function refilled(caller: string, now: number): Bucket {
    const bucket = buckets.get(caller) ?? { tokens: burst, filledAt: now };
    const earned = ((now - bucket.filledAt) / 1000) * requestsPerSecond;
    return { tokens: Math.min(burst, bucket.tokens + earned), filledAt: now };
  }

  return {
    take(caller) {
      const bucket = refilled(caller, clock.monotonic());
      const allowed = bucket.tokens >= 1;
      if (allowed) bucket.tokens -= 1;
      // Taken out and put back, so that the map's order is that of use.
      buckets.delete(caller);
      buckets.set(caller, bucket);
      const [oldest] = buckets.keys();
      if (buckets.size > callersMax && oldest !== undefined) buckets.delete(oldest);
      if (allowed) return;
      throw new AppError("rate_limited", {
        message: `This caller made more than ${requestsPerSecond} requests a second for a while; wait, and send fewer (NEPHO_REQUESTS_PER_SECOND).`,
        retryAfterMs: Math.ceil(((1 - bucket.tokens) / requestsPerSecond) * 1000),
      });
    },
  };
}
