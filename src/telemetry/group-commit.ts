/** Writes that come while another one is under way are written together afterwards: one sync to disk then serves all of them. */
export interface GroupCommit<T> {
  /** Resolves when the items are written; rejects when the write that they were part of did. */
  write(items: readonly T[]): Promise<void>;
}

interface Waiting<T> {
  readonly items: readonly T[];
  readonly size: number;
  readonly done: PromiseWithResolvers<void>;
}

/** What is waiting is bounded by who waits for it; one write takes items of `itemsMax` sizes together, or those of one caller. */
export function createGroupCommit<T>(
  writeTogether: (items: readonly T[]) => Promise<void>,
  options: {
    readonly itemsMax: number;
    readonly atOnce: number;
    /** 1 unless given. */
    readonly sizeOf?: (item: T) => number;
  },
): GroupCommit<T> {
  let waiting: Waiting<T>[] = [];
  let underWay = 0;

  const { sizeOf } = options;
  const sizeOfAll = (items: readonly T[]) =>
    sizeOf ? items.reduce((sum, item) => sum + sizeOf(item), 0) : items.length;
  const takeGroup = (): Waiting<T>[] => {
    let size = 0;
    let end = 0;
    while (end < waiting.length && (end === 0 || size + waiting[end]!.size <= options.itemsMax)) {
      size += waiting[end]!.size;
      end += 1;
    }
    const group = waiting.slice(0, end);
    waiting = waiting.slice(end);
    return group;
  };
  const run = async () => {
    underWay += 1;
    while (waiting.length > 0) {
      const group = takeGroup();
      try {
        await writeTogether(group.flatMap(({ items }) => items));
        for (const { done } of group) done.resolve();
      } catch (error) {
        for (const { done } of group) done.reject(error);
      }
    }
    underWay -= 1;
  };
  return {
    write: (items) => {
      if (items.length === 0) return Promise.resolve();
      const done = Promise.withResolvers<void>();
      waiting.push({ items, size: sizeOfAll(items), done });
      if (underWay < options.atOnce) void run();
      return done.promise;
    },
  };
}
