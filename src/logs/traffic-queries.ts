import { type Kysely, sql } from "kysely";
import type { Tables } from "../db/index.ts";
import { dayMs } from "./age-rules.ts";

type Db = Kysely<Tables>;
type Chore = "traffic" | "days";

/**
 * What is noted so far ahead was noted while the clock was wrong, as that of a machine without a battery is: kept, it would stop
 * a chore for as long. Clocks of several servers differ by less.
 */
export const aheadMsMax = dayMs;

/** Undefined before the first time, and when it has to start anew. */
export async function findPosition(db: Db, chore: Chore, nowMs: number): Promise<number | undefined> {
  const row = await db
    .selectFrom("log_positions")
    .select("done_to_ms")
    .where("chore", "=", chore)
    .where("done_to_ms", "<=", nowMs + aheadMsMax)
    .executeTakeFirst();
  return row?.done_to_ms;
}

/** Never backwards, whichever process was faster, except from where no clock has been. */
export async function movePosition(db: Db, chore: Chore, doneToMs: number, nowMs: number): Promise<void> {
  const known = sql<number>`case when log_positions.done_to_ms <= ${nowMs + aheadMsMax}::bigint
    then log_positions.done_to_ms else 0 end`;
  await db
    .insertInto("log_positions")
    .values({ chore, done_to_ms: doneToMs })
    .onConflict((conflict) =>
      conflict.column("chore").doUpdateSet({ done_to_ms: sql`greatest(${known}, excluded.done_to_ms)` }),
    )
    .execute();
}

/** Names by id, of deleted groups too as long as their events are stored. */
export async function findGroupNames(db: Db, ids: readonly number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("log_groups")
    .select(["id", "name"])
    .where(sql<boolean>`id = any(${ids}::integer[])`)
    .execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

export interface DayTotal {
  readonly groupId: number;
  readonly events: number;
  readonly bytes: number;
}

/** What is stored of the day, in place of what was known of it. */
export async function replaceDay(db: Db, day: number, totals: readonly DayTotal[]): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction.deleteFrom("log_group_days").where("day", "=", day).execute();
    if (totals.length === 0) return;
    // Of a group that is gone for good there is nothing to keep.
    await sql`
      insert into log_group_days (group_id, day, events, bytes)
      select log_groups.id, ${day}::integer, total.events, total.bytes
      from unnest(
        ${totals.map(({ groupId }) => groupId)}::integer[],
        ${totals.map(({ events }) => events)}::bigint[],
        ${totals.map(({ bytes }) => bytes)}::bigint[]
      ) as total (group_id, events, bytes)
      join log_groups on log_groups.id = total.group_id
      on conflict (group_id, day) do update set events = excluded.events, bytes = excluded.bytes`.execute(
      transaction,
    );
  });
}

/** Drops days of which nothing is stored any more. */
export async function keepDays(db: Db, days: readonly number[]): Promise<void> {
  await db.deleteFrom("log_group_days").where(sql<boolean>`not (day = any(${days}::integer[]))`).execute();
}

export async function refreshStoredBytes(db: Db): Promise<void> {
  await sql`
    update log_groups set stored_bytes = totals.bytes
    from (
      select log_groups.id, coalesce(sum(log_group_days.bytes), 0)::bigint as bytes
      from log_groups left join log_group_days on log_group_days.group_id = log_groups.id
      group by log_groups.id
    ) as totals
    where totals.id = log_groups.id and totals.bytes <> log_groups.stored_bytes`.execute(db);
}
