import { AppError } from "../base/index.ts";

/** A fixed number of things that are used by one at a time, first come, first served. */
export interface Slots<T> {
  /** Waits for a free one; throws `overloaded` when too many wait already. */
  use<R>(work: (item: T) => Promise<R>): Promise<R>;
  /** Resolves when nothing is in use; from then on `use` throws `store_unavailable`. */
  close(): Promise<void>;
}

export function createSlots<T>(items: readonly T[], options: { waitersMax: number }): Slots<T> {
  const free = [...items];
  const waiters: ((item: T) => void)[] = [];
  let closing = false;
  let drained: () => void = () => {};

  const take = (): Promise<T> => {
    if (closing) return Promise.reject(new AppError("store_unavailable", { detail: { reason: "closed" } }));
    const item = free.pop();
    if (item !== undefined) return Promise.resolve(item);
    if (waiters.length >= options.waitersMax) return Promise.reject(new AppError("overloaded"));
    return new Promise((resolve) => waiters.push(resolve));
  };
  const giveBack = (item: T) => {
    const next = waiters.shift();
    if (next) return next(item);
    free.push(item);
    if (free.length === items.length) drained();
  };

  return {
    use: async (work) => {
      const item = await take();
      try {
        return await work(item);
      } finally {
        giveBack(item);
      }
    },
    close: () =>
      new Promise((resolve) => {
        closing = true;
        drained = resolve;
        if (free.length === items.length) resolve();
      }),
  };
}
