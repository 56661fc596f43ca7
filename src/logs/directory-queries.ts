import { type Kysely, sql } from "kysely";
import type { Tables } from "../db/index.ts";

type Db = Kysely<Tables>;

/** A living group with what a sender or a reader has to know, in one statement. */
export async function findGroupRow(db: Db, name: string) {
  return db
    .selectFrom("log_groups")
    .select(["id", "name", "retention_days", "bearer_enabled", "class", "tags"])
    .select((group) =>
      group
        .selectFrom("log_streams")
        .select(sql<number[]>`coalesce(jsonb_agg(id order by id), '[]')`.as("ids"))
        .whereRef("log_streams.group_id", "=", "log_groups.id")
        .where("log_streams.deleted_at", "is not", null)
        .as("deleted_stream_ids"),
    )
    .where("name", "=", name)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
}

export async function findStreamRow(db: Db, groupId: number, name: string) {
  return db
    .selectFrom("log_streams")
    .select(["id", "name"])
    .where("group_id", "=", groupId)
    .where("name", "=", name)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
}

/** Living streams of a group by their ids. */
export async function findStreamNames(db: Db, groupId: number, ids: readonly number[]) {
  if (ids.length === 0) return [];
  return db
    .selectFrom("log_streams")
    .select(["id", "name"])
    .where("group_id", "=", groupId)
    .where(sql<boolean>`id = any(${ids}::bigint[])`)
    .where("deleted_at", "is", null)
    .execute();
}

/** What came in for a stream, in epoch milliseconds. */
export interface Arrival {
  readonly first: number;
  readonly last: number;
  readonly ingestion: number;
}

const streamsPerStatement = 2_000;

/** Widens what is known of the streams; repeating it changes nothing. The ids of which there is no stream, not even a deleted one. */
export async function widenStreams(
  db: Db,
  arrivals: readonly (readonly [number, Arrival])[],
): Promise<number[]> {
  // In one order in every process, so that two of them never wait for each other in a circle.
  const inOrder = arrivals.toSorted(([a], [b]) => a - b);
  const missing: number[] = [];
  for (let start = 0; start < inOrder.length; start += streamsPerStatement)
    missing.push(...(await widenTogether(db, inOrder.slice(start, start + streamsPerStatement))));
  return missing;
}

async function widenTogether(db: Db, arrivals: readonly (readonly [number, Arrival])[]): Promise<number[]> {
  const column = (pick: (arrival: Arrival) => number) => arrivals.map(([, arrival]) => pick(arrival));
  const { rows } = await sql<{ id: number }>`
    with seen as (
      select * from unnest(
        ${arrivals.map(([id]) => id)}::bigint[],
        ${column(({ first }) => first)}::bigint[],
        ${column(({ last }) => last)}::bigint[],
        ${column(({ ingestion }) => ingestion)}::bigint[]
      ) as seen (id, first, last, ingestion)
    ), widened as (
      update log_streams set
        first_event_ms = least(log_streams.first_event_ms, seen.first),
        last_event_ms = greatest(log_streams.last_event_ms, seen.last),
        last_ingestion_ms = greatest(log_streams.last_ingestion_ms, seen.ingestion)
      from seen
      where log_streams.id = seen.id and (
        log_streams.first_event_ms is null or log_streams.first_event_ms > seen.first
        or log_streams.last_event_ms < seen.last or log_streams.last_ingestion_ms < seen.ingestion
      )
    )
    select id from seen where not exists (select from log_streams where log_streams.id = seen.id)`.execute(
    db,
  );
  return rows.map(({ id }) => id);
}
