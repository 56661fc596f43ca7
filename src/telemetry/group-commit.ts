import type { Clock } from "../base/index.ts";

/** Writes that come while another one is under way are written together afterwards: one sync to disk then serves all of them. */
export interface GroupCommit<T> {
  /** Resolves when the items are written; rejects when the write that they were part of did. */
  write(items: readonly T[]): Promise<void>;
}

export interface GroupCommitOptions<T> {
  /** What is waiting is bounded by who waits for it; one write takes this much together, or what one caller brought. */
  readonly itemsMax: number;
  readonly atOnce: number;
  /** 1 unless given. */
  readonly sizeOf?: (item: T) => number;
  /**
   * While less than `below` waits, writes are one at a time and begin at least `everyMs` after one another: many small writes
   * cost more than they bring. The first after a pause never waits.
   */
  readonly gather?: { readonly everyMs: number; readonly below: number; readonly clock: Clock };
}

interface Waiting<T> {
  readonly items: readonly T[];
  readonly size: number;
  readonly done: PromiseWithResolvers<void>;
}

export function createGroupCommit<T>(
  writeTogether: (items: readonly T[]) => Promise<void>,
  options: GroupCommitOptions<T>,
): GroupCommit<T> {
  const { itemsMax, atOnce, sizeOf, gather } = options;
  let waiting: Waiting<T>[] = [];
  let waitingSize = 0;
  let underWay = 0;

  const sizeOfAll = (items: readonly T[]) =>
    sizeOf ? items.reduce((sum, item) => sum + sizeOf(item), 0) : items.length;
  const isMuch = () => gather === undefined || waitingSize >= gather.below;
  const takeGroup = (): Waiting<T>[] => {
    let size = 0;
    let end = 0;
    while (end < waiting.length && (end === 0 || size + waiting[end]!.size <= itemsMax)) {
      size += waiting[end]!.size;
      end += 1;
    }
    const group = waiting.slice(0, end);
    waiting = waiting.slice(end);
    waitingSize -= size;
    return group;
  };
  const writeGroup = async () => {
    const group = takeGroup();
    try {
      await writeTogether(group.flatMap(({ items }) => items));
      for (const { done } of group) done.resolve();
    } catch (error) {
      for (const { done } of group) done.reject(error);
    }
  };
  const run = async () => {
    underWay += 1;
    while (waiting.length > 0 && (underWay === 1 || isMuch())) {
      const startedAt = gather?.clock.monotonic() ?? 0;
      await writeGroup();
      if (gather && waiting.length > 0 && !isMuch()) {
        await gather.clock.sleep(Math.max(0, gather.everyMs - (gather.clock.monotonic() - startedAt)));
      }
    }
    underWay -= 1;
  };
  return {
    write: (items) => {
      if (items.length === 0) return Promise.resolve();
      const done = Promise.withResolvers<void>();
      const size = sizeOfAll(items);
      waiting.push({ items, size, done });
      waitingSize += size;
      if (underWay === 0 || (underWay < atOnce && isMuch())) void run();
      return done.promise;
    },
  };
}
