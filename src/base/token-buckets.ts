import type { Clock } from "./clock.ts";

/** Whoever has not taken for longest makes room: by then the bucket is full again, or the server has other troubles. */
const namesMax = 10_000;

/** A token bucket for each name, so that one that runs wild takes nothing from the others. */
export interface TokenBuckets {
  /** 0, or the milliseconds until there is a token; then none was taken. */
  take(name: string): number;
}

/** `perSecond` tokens on average, and as many as `burst` at once. */
export function createTokenBuckets(deps: {
  clock: Pick<Clock, "monotonic">;
  perSecond: number;
  burst: number;
}): TokenBuckets {
  const { clock, perSecond, burst } = deps;
  const buckets = new Map<string, { tokens: number; filledAt: number }>();
  return {
    take: (name) => {
      const now = clock.monotonic();
      const bucket = buckets.get(name) ?? { tokens: burst, filledAt: now };
      bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.filledAt) / 1000) * perSecond);
      bucket.filledAt = now;
      // Taken out and put back, so that the map's order is that of use.
      buckets.delete(name);
      buckets.set(name, bucket);
      const [oldest] = buckets.keys();
      if (buckets.size > namesMax && oldest !== undefined) buckets.delete(oldest);
      if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) / perSecond) * 1000);
      bucket.tokens -= 1;
      return 0;
    },
  };
}
