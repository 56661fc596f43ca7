/** Tokens that come back at a steady rate; holds at most what a second brings. Times are monotonic milliseconds. */
export interface TokenBucket {
  /** Milliseconds until the amount may be taken; 0: now. */
  waitMs(amount: number, nowMs: number): number;
  /** Takes the amount; what is missing is left as a debt that the next ones wait for. */
  take(amount: number, nowMs: number): void;
  /** Counts what has come so far at the old rate; never leaves more than a second's worth of the new one. */
  setRate(perSecond: number, nowMs: number): void;
  /** Gives away what is there. */
  drain(nowMs: number): void;
}

/** Sums of fractions miss whole numbers by a hair; without this a waiter would wake up a thousandth too early for ever. */
const tolerance = 1e-6;

export function createTokenBucket(perSecond: number, nowMs: number): TokenBucket {
  let rate = perSecond;
  let tokens = perSecond;
  let countedAt = nowMs;
  const refill = (now: number) => {
    tokens = Math.min(rate, tokens + (Math.max(0, now - countedAt) / 1000) * rate);
    countedAt = now;
  };
  return {
    waitMs: (amount, now) => {
      refill(now);
      // More than a second's worth can never be there at once: a full bucket has to do.
      const missing = Math.min(amount, rate) - tokens;
      return missing <= tolerance * rate ? 0 : (missing / rate) * 1000;
    },
    take: (amount, now) => {
      refill(now);
      tokens -= amount;
    },
    setRate: (next, now) => {
      refill(now);
      rate = next;
      tokens = Math.min(tokens, rate);
    },
    drain: (now) => {
      refill(now);
      tokens = Math.min(tokens, 0);
    },
  };
}
