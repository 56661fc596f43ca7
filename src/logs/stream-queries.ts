import { type ExpressionBuilder, type Kysely, type Selectable, sql } from "kysely";
import type { Tables } from "../db/index.ts";

type Db = Kysely<Tables>;
type Streams = ExpressionBuilder<Tables, "log_streams">;

export type StreamRow = Omit<Selectable<Tables["log_streams"]>, "deleted_at" | "group_id">;

const columns = ["id", "name", "created_at", "first_event_ms", "last_event_ms", "last_ingestion_ms"] as const;

/** As the index has it: streams without an event come before all others. */
const lastEvent = sql<number>`coalesce(last_event_ms, -1)`;

export interface StreamList {
  readonly groupId: number;
  readonly prefix?: string | undefined;
  readonly orderBy: "name" | "lastEvent";
  readonly descending: boolean;
}

/** The place of a row in its list: by name only, or by the time of the newest event (-1: none) and the name. */
export interface StreamPosition {
  readonly lastEventMs?: number;
  readonly name: string;
}

export async function insertStream(
  db: Db,
  stream: { readonly groupId: number; readonly name: string; readonly createdAt: Date },
): Promise<void> {
  await db
    .insertInto("log_streams")
    .values({ group_id: stream.groupId, name: stream.name, created_at: stream.createdAt })
    .execute();
}

export async function findStream(db: Db, groupId: number, name: string): Promise<StreamRow | undefined> {
  return db
    .selectFrom("log_streams")
    .select(columns)
    .where("group_id", "=", groupId)
    .where("name", "=", name)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
}

/** Those behind `after`, in the order of the list. */
export async function listStreams(
  db: Db,
  list: StreamList,
  page: { readonly after?: StreamPosition | undefined; readonly limit: number },
): Promise<StreamRow[]> {
  return ordered(db, list)
    .$if(page.after !== undefined, (query) => query.where((stream) => isBehind(stream, list, page.after!)))
    .limit(page.limit)
    .execute();
}

export async function pageStreams(
  db: Db,
  list: StreamList,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ rows: StreamRow[]; total: number }> {
  const [rows, { total }] = await Promise.all([
    ordered(db, list).offset(page.offset).limit(page.limit).execute(),
    db
      .selectFrom("log_streams")
      .select((stream) => stream.fn.countAll<number>().as("total"))
      .where((stream) => belongsTo(stream, list))
      .executeTakeFirstOrThrow(),
  ]);
  return { rows, total };
}

/** The number of streams of the group that are deleted and not gone yet. */
export async function countDeletedStreams(db: Db, groupId: number): Promise<number> {
  const row = await db
    .selectFrom("log_streams")
    .select((stream) => stream.fn.countAll<number>().as("count"))
    .where("group_id", "=", groupId)
    .where("deleted_at", "is not", null)
    .executeTakeFirstOrThrow();
  return row.count;
}

/** False when the group has no such stream. */
export async function markStreamDeleted(db: Db, groupId: number, name: string, at: Date): Promise<boolean> {
  const result = await db
    .updateTable("log_streams")
    .set({ deleted_at: at })
    .where("group_id", "=", groupId)
    .where("name", "=", name)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

function ordered(db: Db, list: StreamList) {
  const direction = list.descending ? "desc" : "asc";
  return db
    .selectFrom("log_streams")
    .select(columns)
    .where((stream) => belongsTo(stream, list))
    .$if(list.orderBy === "lastEvent", (query) => query.orderBy(lastEvent, direction))
    .orderBy("name", direction);
}

function belongsTo(stream: Streams, { groupId, prefix }: StreamList) {
  return stream.and([
    stream("group_id", "=", groupId),
    stream("deleted_at", "is", null),
    ...(prefix === undefined ? [] : [sql<boolean>`starts_with(name, ${prefix})`]),
  ]);
}

function isBehind(stream: Streams, list: StreamList, { lastEventMs, name }: StreamPosition) {
  const sign = list.descending ? "<" : ">";
  if (list.orderBy === "name" || lastEventMs === undefined) return stream("name", sign, name);
  return sql<boolean>`(${lastEvent}, name) ${sql.raw(sign)} (${lastEventMs}::bigint, ${name})`;
}
