import { type Kysely, sql } from "kysely";
import type { Tables } from "../db/index.ts";

export interface RejectionRow {
  readonly group: string;
  /** Empty for callers without an API key. */
  readonly keyId: string;
  readonly reason: string;
  readonly count: number;
  readonly lastAt: Date;
  readonly lastSample: string;
}

/** Several processes count into the same rows. In one order, so that two of them never wait for each other in a circle. */
export async function addRejections(kysely: Kysely<Tables>, rows: readonly RejectionRow[]): Promise<void> {
  const sorted = [...rows].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  await kysely
    .insertInto("ingest_rejections")
    .values(
      sorted.map((row) => ({
        group_name: row.group,
        key_id: row.keyId,
        reason: row.reason,
        count: row.count,
        last_at: row.lastAt,
        last_sample: row.lastSample,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(["group_name", "key_id", "reason"]).doUpdateSet({
        count: sql`ingest_rejections.count + excluded.count`,
        last_at: sql`excluded.last_at`,
        last_sample: sql`excluded.last_sample`,
      }),
    )
    .execute();
}

function placeOf({ group, keyId, reason }: RejectionRow): string {
  return `${group}\n${keyId}\n${reason}`;
}

/** The latest first. */
export async function listRejections(
  kysely: Kysely<Tables>,
  filter: { readonly group?: string | undefined; readonly limit: number },
): Promise<RejectionRow[]> {
  let query = kysely
    .selectFrom("ingest_rejections")
    .selectAll()
    .orderBy("last_at", "desc")
    .limit(filter.limit);
  if (filter.group !== undefined) query = query.where("group_name", "=", filter.group);
  const rows = await query.execute();
  return rows.map((row) => ({
    group: row.group_name,
    keyId: row.key_id,
    reason: row.reason,
    count: Number(row.count),
    lastAt: row.last_at,
    lastSample: row.last_sample,
  }));
}

export async function forgetRejections(kysely: Kysely<Tables>, before: Date): Promise<void> {
  await kysely.deleteFrom("ingest_rejections").where("last_at", "<", before).execute();
}
