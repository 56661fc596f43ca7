import type { Listings } from "../integrations/index.ts";

/** Roughly 500 bytes a metric. */
const weightMax = 500_000;

/** What was listed, by key, in memory; the least recently used goes first when it becomes too much. */
export function createListingBook(max = weightMax): Listings {
  const entries = new Map<string, { value: unknown; weight: number }>();
  let total = 0;
  const remove = (key: string) => {
    total -= entries.get(key)?.weight ?? 0;
    entries.delete(key);
  };
  return {
    get: <T>(key: string) => {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value as T;
    },
    set: (key, value, weight) => {
      remove(key);
      // Each entry is some weight by itself, or many small ones would be kept for ever.
      entries.set(key, { value, weight: weight + 10 });
      total += weight + 10;
      for (const oldest of entries.keys()) {
        if (total <= max || oldest === key) break;
        remove(oldest);
      }
    },
  };
}
