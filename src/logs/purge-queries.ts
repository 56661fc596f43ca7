import { type Kysely, sql } from "kysely";
import type { Tables } from "../db/index.ts";
import { dayMs, futureMsMax } from "./age-rules.ts";

type Db = Kysely<Tables>;

/** Which deletions are due: those before a time, and those that a clock has noted which was ahead and is not any more. */
export interface DueDeletions {
  readonly before: Date;
  readonly afterNow: Date;
}

function isDue(
  column: "log_groups.deleted_at" | "log_streams.deleted_at",
  { before, afterNow }: DueDeletions,
) {
  const deletedAt = sql.ref(column);
  return sql<boolean>`(${deletedAt} < ${before} or ${deletedAt} > ${afterNow})`;
}

/** Those that were deleted first come first. */
export async function findDeletedGroups(db: Db, due: DueDeletions, limit: number): Promise<number[]> {
  const rows = await db
    .selectFrom("log_groups")
    .select("id")
    .where(isDue("log_groups.deleted_at", due))
    .orderBy("deleted_at")
    .orderBy("id")
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** Removes a group's streams, at most `limit`; once none is left the group, and says true. */
export async function removeGroup(db: Db, groupId: number, limit: number): Promise<boolean> {
  const streams = db.selectFrom("log_streams").select("id").where("group_id", "=", groupId).limit(limit);
  const { numDeletedRows } = await db
    .deleteFrom("log_streams")
    .where("id", "in", streams)
    .executeTakeFirstOrThrow();
  if (numDeletedRows >= BigInt(limit)) return false;
  await db.deleteFrom("log_groups").where("id", "=", groupId).where("deleted_at", "is not", null).execute();
  return true;
}

/** Deleted streams of one living group; those of groups in `except` are passed over. */
export async function findDeletedStreams(
  db: Db,
  due: DueDeletions,
  except: readonly number[],
  limit: number,
): Promise<{ groupId: number; streamIds: number[] } | undefined> {
  const first = await db
    .selectFrom("log_streams")
    .innerJoin("log_groups", "log_groups.id", "log_streams.group_id")
    .select("group_id as groupId")
    .where(isDue("log_streams.deleted_at", due))
    .where("log_groups.deleted_at", "is", null)
    .where(sql<boolean>`not (group_id = any(${except}::integer[]))`)
    .orderBy("group_id")
    .limit(1)
    .executeTakeFirst();
  if (!first) return undefined;
  const rows = await db
    .selectFrom("log_streams")
    .select("id")
    .where("group_id", "=", first.groupId)
    .where(isDue("log_streams.deleted_at", due))
    .orderBy("id")
    .limit(limit)
    .execute();
  return { groupId: first.groupId, streamIds: rows.map(({ id }) => id) };
}

export async function removeStreams(db: Db, streamIds: readonly number[]): Promise<void> {
  await db
    .deleteFrom("log_streams")
    .where(sql<boolean>`id = any(${streamIds}::bigint[])`)
    .where("deleted_at", "is not", null)
    .execute();
}

export interface ExpiredDay {
  readonly day: number;
  /** Groups of which nothing of the day is to be kept. */
  readonly expired: readonly number[];
  /** Whether these are all that have something of the day, as far as was counted. */
  readonly isWhole: boolean;
}

/**
 * Days of which some groups have nothing left that retention would keep, oldest first. An event is at most two hours younger
 * than its arrival, so all events of a day are expired when the youngest one that could have come in at its end is.
 */
export async function findExpiredDays(db: Db, nowMs: number, limit: number): Promise<ExpiredDay[]> {
  const expired = sql<boolean>`log_groups.deleted_at is null and log_groups.retention_days is not null
    and (log_group_days.day + 1 + log_groups.retention_days)::bigint * ${dayMs}::bigint + ${futureMsMax}::bigint
      <= ${nowMs}::bigint`;
  const { rows } = await sql<ExpiredDay>`
    select log_group_days.day as "day",
      jsonb_agg(log_groups.id order by log_groups.id) filter (where ${expired}) as "expired",
      bool_and(${expired}) as "isWhole"
    from log_group_days join log_groups on log_groups.id = log_group_days.group_id
    group by log_group_days.day
    having bool_or(${expired})
    order by log_group_days.day
    limit ${limit}`.execute(db);
  return rows;
}

export async function forgetDay(db: Db, day: number): Promise<void> {
  await db.deleteFrom("log_group_days").where("day", "=", day).execute();
}
