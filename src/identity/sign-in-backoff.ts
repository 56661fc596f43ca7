import { AppError, type Clock } from "../base/index.ts";

interface Attempts {
  failures: number;
  lastAt: number;
}

interface Rule {
  /** Failures that cost nothing: people mistype. */
  readonly free: number;
  readonly waitMsMax: number;
}

/** An address may serve many people, so it gets more tries; then it waits longer. */
const rules = {
  account: { free: 5, waitMsMax: 5 * 60_000 },
  address: { free: 20, waitMsMax: 15 * 60_000 },
} satisfies Record<string, Rule>;

const forgetAfterMs = 60 * 60_000;
const entriesMax = 10_000;

/**
 * Slows guessing down: after a few failures each further attempt has to wait, twice as long every time. An attempt
 * during the wait is refused without being counted, so that an attacker cannot keep the owner out for ever.
 */
export interface SignInBackoff {
  /**
   * Counts the attempt as failed before the password is looked at (parallel guesses must not slip through), or throws
   * `login_rate_limited`.
   */
  begin(account: string, address: string): void;
  /** Takes the count back. */
  succeed(account: string, address: string): void;
}

export function createSignInBackoff(deps: { clock: Clock }): SignInBackoff {
  const accounts = createCounter(deps.clock, rules.account);
  const addresses = createCounter(deps.clock, rules.address);
  return {
    begin: (account, address) => {
      const waitMs = Math.max(accounts.waitMs(account), addresses.waitMs(address));
      if (waitMs > 0) throw new AppError("login_rate_limited", { retryAfterMs: waitMs });
      accounts.add(account);
      addresses.add(address);
    },
    succeed: (account, address) => {
      accounts.forget(account);
      addresses.takeBack(address);
    },
  };
}

/** A map in order of last use, so that the oldest entry makes room for a new one. */
function createCounter(clock: Clock, rule: Rule) {
  const entries = new Map<string, Attempts>();
  const current = (key: string) => {
    const entry = entries.get(key);
    if (entry && clock.monotonic() - entry.lastAt > forgetAfterMs) {
      entries.delete(key);
      return undefined;
    }
    return entry;
  };
  return {
    waitMs: (key: string): number => {
      const entry = current(key);
      if (!entry || entry.failures < rule.free) return 0;
      const waitMs = Math.min(1000 * 2 ** (entry.failures - rule.free), rule.waitMsMax);
      return Math.max(0, entry.lastAt + waitMs - clock.monotonic());
    },
    add: (key: string) => {
      const failures = (current(key)?.failures ?? 0) + 1;
      entries.delete(key);
      entries.set(key, { failures, lastAt: clock.monotonic() });
      const [oldest] = entries.keys();
      if (entries.size > entriesMax && oldest !== undefined) entries.delete(oldest);
    },
    forget: (key: string) => {
      entries.delete(key);
    },
    takeBack: (key: string) => {
      const entry = entries.get(key);
      if (entry) entry.failures = Math.max(0, entry.failures - 1);
    },
  };
}
