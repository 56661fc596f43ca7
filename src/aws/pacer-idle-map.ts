import type { Clock } from "../base/index.ts";

/** Values that are made when they are first asked for and forgotten when nobody has asked for long and they hold nothing. */
export interface IdleMap<V> {
  get(key: string, create: () => V): V;
  readonly size: number;
}

export function createIdleMap<V>(options: {
  clock: Clock;
  idleMs: number;
  isBusy: (value: V) => boolean;
}): IdleMap<V> {
  const { clock, idleMs, isBusy } = options;
  // In the order of use, so that those to forget are the first ones.
  const entries = new Map<string, { value: V; usedAt: number }>();
  let sweepAt = clock.monotonic() + idleMs;
  const sweep = (now: number) => {
    sweepAt = now + idleMs;
    for (const [key, { value, usedAt }] of entries) {
      if (now - usedAt < idleMs) return;
      if (!isBusy(value)) entries.delete(key);
    }
  };
  return {
    get size() {
      return entries.size;
    },
    get: (key, create) => {
      const now = clock.monotonic();
      if (now >= sweepAt) sweep(now);
      const entry = entries.get(key) ?? { value: create(), usedAt: now };
      entry.usedAt = now;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
  };
}
