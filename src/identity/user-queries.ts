import { type Kysely, sql } from "kysely";
import type { Tables } from "../db/index.ts";
import type { Attachment } from "./attached-policies.ts";

export interface UserRecord {
  readonly id: string;
  /** `AIDA…`. */
  readonly iamId: string;
  readonly name: string;
  readonly path: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Null for a user who cannot sign in to the console. */
  readonly passwordHash: string | null;
  readonly createdAt: Date;
  readonly lastSignInAt: Date | null;
}

type Connection = Kysely<Tables>;

/** AWS compares user names without regard to case. */
export async function findUserByName(db: Connection, name: string): Promise<UserRecord | undefined> {
  return selectUsers(db).where(sql`lower(name)`, "=", name.toLowerCase()).executeTakeFirst();
}

export async function findUserByIamId(db: Connection, iamId: string): Promise<UserRecord | undefined> {
  return selectUsers(db).where("iam_id", "=", iamId).executeTakeFirst();
}

export async function countUsers(db: Connection): Promise<number> {
  const row = await db
    .selectFrom("users")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** False when the name is taken. */
export async function insertUser(
  db: Connection,
  user: {
    id: string;
    iamId: string;
    name: string;
    path?: string;
    tags?: Readonly<Record<string, string>>;
    passwordHash: string | null;
    createdAt: Date;
  },
): Promise<boolean> {
  const inserted = await db
    .insertInto("users")
    .values({
      id: user.id,
      iam_id: user.iamId,
      name: user.name,
      path: user.path ?? "/",
      tags: JSON.stringify(user.tags ?? {}),
      password_hash: user.passwordHash,
      password_created_at: user.passwordHash === null ? null : user.createdAt,
      created_at: user.createdAt,
      last_sign_in_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  return inserted !== undefined;
}

export async function updateUserName(
  db: Connection,
  id: string,
  to: { name: string; path: string },
): Promise<void> {
  await db.updateTable("users").set(to).where("id", "=", id).execute();
}

export async function updateUserTags(
  db: Connection,
  id: string,
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  await db
    .updateTable("users")
    .set({ tags: JSON.stringify(tags) })
    .where("id", "=", id)
    .execute();
}

/** Takes sessions, credentials, access keys and policies along. */
export async function deleteUser(db: Connection, id: string): Promise<void> {
  await db.deleteFrom("users").where("id", "=", id).execute();
}

/** The first password makes the login profile. */
export async function updatePassword(
  db: Connection,
  id: string,
  passwordHash: string,
  at: Date,
): Promise<void> {
  await db
    .updateTable("users")
    .set({
      password_hash: passwordHash,
      password_created_at: sql<Date>`case when password_hash is null then ${at} else password_created_at end`,
    })
    .where("id", "=", id)
    .execute();
}

export async function removePassword(db: Connection, id: string): Promise<void> {
  await db
    .updateTable("users")
    .set({ password_hash: null, password_created_at: null })
    .where("id", "=", id)
    .execute();
}

export async function recordSignIn(db: Connection, id: string, at: Date): Promise<void> {
  await db.updateTable("users").set({ last_sign_in_at: at }).where("id", "=", id).execute();
}

/** When users signed in last, by the id of their record. */
export async function readSignIns(
  db: Connection,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Date>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("users")
    .select(["id", "last_sign_in_at"])
    .where("id", "in", [...ids])
    .execute();
  return new Map(
    rows.flatMap(({ id, last_sign_in_at }) => (last_sign_in_at ? [[id, last_sign_in_at] as const] : [])),
  );
}

export async function replacePolicies(
  db: Connection,
  userId: string,
  attachments: readonly Attachment[],
): Promise<void> {
  await db.deleteFrom("user_policies").where("user_id", "=", userId).execute();
  await attachPolicies(db, userId, attachments);
}

export async function attachPolicies(
  db: Connection,
  userId: string,
  attachments: readonly Attachment[],
): Promise<void> {
  const rows = attachments.map(({ policyName, policyId }) => ({
    user_id: userId,
    policy_name: policyName,
    policy_id: policyId,
  }));
  if (rows.length === 0) return;
  await db
    .insertInto("user_policies")
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/**
 * The administrators, locked until the transaction ends: of two that remove each other at the same time, the second
 * waits here and then sees that it is the last.
 */
async function lockAdministrators(db: Connection): Promise<string[]> {
  const rows = await db
    .selectFrom("user_policies")
    .select("user_id")
    .where("policy_name", "=", "AdministratorAccess")
    .orderBy("user_id")
    .forUpdate()
    .execute();
  return rows.map((row) => row.user_id);
}

/** False as well when the user is no administrator at all. */
export async function isLastAdministrator(db: Connection, userId: string): Promise<boolean> {
  const administrators = await lockAdministrators(db);
  return administrators.length === 1 && administrators[0] === userId;
}

function selectUsers(db: Connection) {
  return db
    .selectFrom("users")
    .select([
      "id",
      "iam_id as iamId",
      "name",
      "path",
      "tags",
      "password_hash as passwordHash",
      "created_at as createdAt",
      "last_sign_in_at as lastSignInAt",
    ]);
}
