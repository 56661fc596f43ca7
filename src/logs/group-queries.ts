import { type ExpressionBuilder, type Kysely, type Selectable, sql } from "kysely";
import type { LogGroupClass, Tables } from "../db/index.ts";

type Db = Kysely<Tables>;
type Groups = ExpressionBuilder<Tables, "log_groups">;

export type GroupRow = Omit<Selectable<Tables["log_groups"]>, "deleted_at">;

const columns = [
  "id",
  "name",
  "created_at",
  "retention_days",
  "bearer_enabled",
  "deletion_protection",
  "class",
  "tags",
  "stored_bytes",
] as const;

/** What a listing takes; all that is given has to fit. */
export interface GroupFilter {
  readonly prefix?: string | undefined;
  /** Part of the name, as it is written. */
  readonly part?: string | undefined;
  /** Part of the name, in any case. */
  readonly text?: string | undefined;
  /** Beginnings and parts of names, of which one has to fit. */
  readonly alternatives?: readonly { readonly kind: "prefix" | "part"; readonly text: string }[] | undefined;
  readonly names?: readonly string[] | undefined;
  readonly class?: LogGroupClass | undefined;
}

export async function insertGroup(
  db: Db,
  group: {
    readonly name: string;
    readonly createdAt: Date;
    readonly retentionDays: number | null;
    readonly bearerEnabled: boolean;
    readonly deletionProtection: boolean;
    readonly class: LogGroupClass;
    readonly tags: Readonly<Record<string, string>>;
  },
): Promise<void> {
  await db
    .insertInto("log_groups")
    .values({
      name: group.name,
      created_at: group.createdAt,
      retention_days: group.retentionDays,
      bearer_enabled: group.bearerEnabled,
      deletion_protection: group.deletionProtection,
      class: group.class,
      tags: JSON.stringify(group.tags),
    })
    .execute();
}

export async function countGroups(db: Db): Promise<number> {
  const row = await db
    .selectFrom("log_groups")
    .select((group) => group.fn.countAll<number>().as("count"))
    .where("deleted_at", "is", null)
    .executeTakeFirstOrThrow();
  return row.count;
}

export async function findGroup(db: Db, name: string): Promise<GroupRow | undefined> {
  return db
    .selectFrom("log_groups")
    .select(columns)
    .where("name", "=", name)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
}

/** Keeps others from changing the group until the transaction is over. */
export async function lockGroup(db: Db, name: string): Promise<GroupRow | undefined> {
  return db
    .selectFrom("log_groups")
    .select(columns)
    .where("name", "=", name)
    .where("deleted_at", "is", null)
    .forUpdate()
    .executeTakeFirst();
}

/** In the order of bytes, those after `after`. */
export async function listGroups(
  db: Db,
  filter: GroupFilter,
  page: { readonly after?: string | undefined; readonly limit: number },
): Promise<GroupRow[]> {
  return db
    .selectFrom("log_groups")
    .select(columns)
    .where((group) => matches(group, filter))
    .$if(page.after !== undefined, (query) => query.where("name", ">", page.after!))
    .orderBy("name")
    .limit(page.limit)
    .execute();
}

export type GroupOrder = "name" | "createdAt" | "storedBytes" | "lastEventAt";

/** For the console: with the time of the newest event and the number of all that fit. */
export async function pageGroups(
  db: Db,
  filter: GroupFilter,
  page: {
    readonly orderBy: GroupOrder;
    readonly descending: boolean;
    readonly offset: number;
    readonly limit: number;
  },
): Promise<{ rows: (GroupRow & { last_event_ms: number | null })[]; total: number }> {
  const direction = page.descending ? "desc" : "asc";
  const rows = await db
    .selectFrom("log_groups")
    .select(columns)
    .select(lastEvent)
    .select(sql<number>`count(*) over ()`.as("total"))
    .where((group) => matches(group, filter))
    .orderBy(orderColumns[page.orderBy], (order) =>
      page.descending ? order.desc().nullsLast() : order.asc().nullsFirst(),
    )
    .orderBy("name", direction)
    .offset(page.offset)
    .limit(page.limit)
    .execute();
  if (rows.length > 0 || page.offset === 0) return { rows, total: rows[0]?.total ?? 0 };
  const { total } = await db
    .selectFrom("log_groups")
    .select((group) => group.fn.countAll<number>().as("total"))
    .where((group) => matches(group, filter))
    .executeTakeFirstOrThrow();
  return { rows, total };
}

/** Null when the group has no event. */
export async function findLastEvent(db: Db, groupId: number): Promise<number | null> {
  const row = await db
    .selectFrom("log_groups")
    .select(lastEvent)
    .where("id", "=", groupId)
    .executeTakeFirst();
  return row?.last_event_ms ?? null;
}

export interface GroupChange {
  readonly retention_days?: number | null;
  readonly bearer_enabled?: boolean;
  readonly deletion_protection?: boolean;
  readonly tags?: string;
  readonly deleted_at?: Date;
}

export async function updateGroup(db: Db, id: number, change: GroupChange): Promise<void> {
  await db.updateTable("log_groups").set(change).where("id", "=", id).execute();
}

const orderColumns = {
  name: "name",
  createdAt: "created_at",
  storedBytes: "stored_bytes",
  lastEventAt: "last_event_ms",
} as const;

function lastEvent(group: Groups) {
  return (
    group
      .selectFrom("log_streams")
      .select("last_event_ms")
      .whereRef("log_streams.group_id", "=", "log_groups.id")
      .where("log_streams.deleted_at", "is", null)
      // The expression of the index.
      .orderBy(sql`coalesce(last_event_ms, -1)`, "desc")
      .limit(1)
      .as("last_event_ms")
  );
}

function matches(group: Groups, filter: GroupFilter) {
  const startsWith = (text: string) => sql<boolean>`starts_with(name, ${text})`;
  const contains = (text: string) => sql<boolean>`strpos(name, ${text}) > 0`;
  const conditions = [group("deleted_at", "is", null)];
  if (filter.prefix !== undefined) conditions.push(group.and([startsWith(filter.prefix)]));
  if (filter.part !== undefined) conditions.push(group.and([contains(filter.part)]));
  if (filter.text !== undefined)
    conditions.push(group.and([sql<boolean>`strpos(lower(name), lower(${filter.text})) > 0`]));
  if (filter.names !== undefined)
    conditions.push(group.and([sql<boolean>`name = any(${filter.names}::text[])`]));
  if (filter.class !== undefined) conditions.push(group("class", "=", filter.class));
  if (filter.alternatives !== undefined)
    conditions.push(
      group.or(
        filter.alternatives.map(({ kind, text }) => (kind === "prefix" ? startsWith : contains)(text)),
      ),
    );
  return group.and(conditions);
}
