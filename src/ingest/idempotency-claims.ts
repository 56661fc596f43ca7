import type { Kysely } from "kysely";
import type { Clock } from "../base/index.ts";
import type { Tables } from "../db/index.ts";

/** Who stores a request, where several processes share the stores. */
export type Claim =
  /** This process, and nobody did before. */
  | "first"
  /** This process; the one before it did not say how it ended. */
  | "taken-over"
  | "stored"
  /** Another process, right now. */
  | "elsewhere";

export interface IdempotencyClaims {
  claim(digest: bigint): Promise<Claim>;
  markStored(digest: bigint): Promise<void>;
  /** After a request that stored nothing. */
  drop(digest: bigint): Promise<void>;
  forgetOld(): Promise<void>;
}

/** Longer than any request takes; whoever claimed before that was killed. */
const abandonedMs = 120_000;
const keptMs = 24 * 3_600_000;

export function createIdempotencyClaims(deps: { kysely: Kysely<Tables>; clock: Clock }): IdempotencyClaims {
  const { kysely, clock } = deps;
  return {
    claim: async (digest) => {
      const now = clock.now();
      const inserted = await kysely
        .insertInto("ingest_claims")
        .values({ digest: columnText(digest), claimed_at: new Date(now), stored: false })
        .onConflict((conflict) => conflict.column("digest").doNothing())
        .returning("digest")
        .executeTakeFirst();
      if (inserted) return "first";
      // Taking over is a conditional update, so that only one of several processes does it.
      const taken = await kysely
        .updateTable("ingest_claims")
        .set({ claimed_at: new Date(now), stored: false })
        .where("digest", "=", columnText(digest) as never)
        .where((where) =>
          where.or([
            where("claimed_at", "<", new Date(now - keptMs)),
            where.and([where("stored", "=", false), where("claimed_at", "<", new Date(now - abandonedMs))]),
          ]),
        )
        .returning("digest")
        .executeTakeFirst();
      if (taken) return "taken-over";
      const row = await kysely
        .selectFrom("ingest_claims")
        .select("stored")
        .where("digest", "=", columnText(digest) as never)
        .executeTakeFirst();
      return row?.stored ? "stored" : "elsewhere";
    },
    markStored: async (digest) => {
      await kysely
        .updateTable("ingest_claims")
        .set({ stored: true })
        .where("digest", "=", columnText(digest) as never)
        .execute();
    },
    drop: async (digest) => {
      await kysely
        .deleteFrom("ingest_claims")
        .where("digest", "=", columnText(digest) as never)
        .where("stored", "=", false)
        .execute();
    },
    forgetOld: async () => {
      await kysely
        .deleteFrom("ingest_claims")
        .where("claimed_at", "<", new Date(clock.now() - keptMs))
        .execute();
    },
  };
}

/** The column is signed. */
function columnText(digest: bigint): string {
  return String(BigInt.asIntN(64, digest));
}
