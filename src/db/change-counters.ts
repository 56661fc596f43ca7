import { type Kysely, sql, type Transaction } from "kysely";
import type { Clock } from "../base/index.ts";
import type { Tables } from "./tables/index.ts";

/** Families of records that every process keeps a copy of in memory. */
export type Watched = "identity" | "logs";
export type ChangeCounts = Readonly<Record<Watched, number>>;

/**
 * Tells copies in memory when they are out of date. What is asked for is never older than `maxAgeMs`, so that a revoked key is
 * refused by every process within that time; a change made by this process is known to it at once.
 */
export interface ChangeCounters {
  /** One short query at most every `maxAgeMs`, shared by all who ask; throws when the database does not answer. */
  current(): Promise<ChangeCounts>;
  /** Runs `change` in a transaction that also counts it. Changes of one family wait for one another. */
  change<T>(family: Watched, change: (transaction: Transaction<Tables>) => Promise<T>): Promise<T>;
}

const maxAgeMs = 400;

export function createChangeCounters(deps: { kysely: Kysely<Tables>; clock: Clock }): ChangeCounters {
  const { kysely, clock } = deps;
  let known: { counts: ChangeCounts; askedAt: number } | undefined;
  let asking: Promise<ChangeCounts> | undefined;
  /** Raised by changes of our own: an answer that was asked for before is not kept. */
  let generation = 0;

  const ask = async (): Promise<ChangeCounts> => {
    const startedIn = generation;
    const askedAt = clock.monotonic();
    const counts = await readCounts(kysely);
    if (startedIn === generation) known = { counts, askedAt };
    return counts;
  };
  return {
    current: async () => {
      if (known && clock.monotonic() - known.askedAt < maxAgeMs) return known.counts;
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      return asking;
    },
    change: async (family, change) => {
      try {
        return await kysely.transaction().execute(async (transaction) => {
          await transaction
            .updateTable("change_counters")
            .set({ count: sql`count + 1` })
            .where("family", "=", family)
            .execute();
          return change(transaction);
        });
      } finally {
        generation += 1;
        known = undefined;
        asking = undefined;
      }
    },
  };
}

async function readCounts(kysely: Kysely<Tables>): Promise<ChangeCounts> {
  const rows = await kysely.selectFrom("change_counters").select(["family", "count"]).execute();
  const counts = { identity: 0, logs: 0 };
  for (const { family, count } of rows) counts[family as Watched] = Number(count);
  return counts;
}
