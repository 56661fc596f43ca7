import { AppError, type Clock, createTokenBuckets } from "../../base/index.ts";

/** So many requests at once as add up in this time: a page that loads, or a script that starts, is no flood. */
const burstSeconds = 10;

export interface RequestRates {
  /** Throws `rate_limited` with the time until the next request would pass. */
  take(caller: string): void;
}

/** `requestsPerSecond` of each caller on average; 0 limits nothing. */
export function createRequestRates(deps: { clock: Clock; requestsPerSecond: number }): RequestRates {
  const { clock, requestsPerSecond } = deps;
  if (requestsPerSecond === 0) return { take: () => {} };
  const buckets = createTokenBuckets({
    clock,
    perSecond: requestsPerSecond,
    burst: requestsPerSecond * burstSeconds,
  });
  return {
    take: (caller) => {
      const retryAfterMs = buckets.take(caller);
      if (retryAfterMs === 0) return;
      throw new AppError("rate_limited", {
        message: `This caller made more than ${requestsPerSecond} requests a second for a while; wait, and send fewer (NEPHO_REQUESTS_PER_SECOND).`,
        retryAfterMs,
      });
    },
  };
}
