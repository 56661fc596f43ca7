import { type Kysely, sql } from "kysely";
import type { ManagedPolicyName } from "../contract/index.ts";
import type { Tables } from "../db/index.ts";

export interface UserRecord {
  readonly id: string;
  readonly name: string;
  /** Null for a user who cannot sign in to the console. */
  readonly passwordHash: string | null;
  readonly policies: readonly ManagedPolicyName[];
  readonly createdAt: Date;
  readonly lastSignInAt: Date | null;
}

type Connection = Kysely<Tables>;

/** AWS compares user names without regard to case. */
export async function findUserByName(db: Connection, name: string): Promise<UserRecord | undefined> {
  const row = await selectUsers(db).where(sql`lower(users.name)`, "=", name.toLowerCase()).executeTakeFirst();
  return row && toUser(row);
}

export async function findUserById(db: Connection, id: string): Promise<UserRecord | undefined> {
  const row = await selectUsers(db).where("users.id", "=", id).executeTakeFirst();
  return row && toUser(row);
}

export async function listUsers(
  db: Connection,
  page: { offset: number; limit: number },
): Promise<UserRecord[]> {
  const rows = await selectUsers(db)
    .orderBy(sql`lower(users.name)`)
    .offset(page.offset)
    .limit(page.limit)
    .execute();
  return rows.map(toUser);
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
  user: { id: string; name: string; passwordHash: string; createdAt: Date },
): Promise<boolean> {
  const inserted = await db
    .insertInto("users")
    .values({
      id: user.id,
      name: user.name,
      password_hash: user.passwordHash,
      created_at: user.createdAt,
      last_sign_in_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  return inserted !== undefined;
}

export async function deleteUser(db: Connection, id: string): Promise<void> {
  await db.deleteFrom("users").where("id", "=", id).execute();
}

export async function updatePassword(db: Connection, id: string, passwordHash: string): Promise<void> {
  await db.updateTable("users").set({ password_hash: passwordHash }).where("id", "=", id).execute();
}

export async function recordSignIn(db: Connection, id: string, at: Date): Promise<void> {
  await db.updateTable("users").set({ last_sign_in_at: at }).where("id", "=", id).execute();
}

export async function replacePolicies(
  db: Connection,
  userId: string,
  policies: readonly ManagedPolicyName[],
): Promise<void> {
  await db.deleteFrom("user_policies").where("user_id", "=", userId).execute();
  const rows = [...new Set(policies)].map((name) => ({ user_id: userId, policy_name: name }));
  if (rows.length > 0) await db.insertInto("user_policies").values(rows).execute();
}

/**
 * The administrators, locked until the transaction ends: of two that remove each other at the same time, the second
 * waits here and then sees that it is the last.
 */
export async function lockAdministrators(db: Connection): Promise<string[]> {
  const rows = await db
    .selectFrom("user_policies")
    .select("user_id")
    .where("policy_name", "=", "AdministratorAccess")
    .orderBy("user_id")
    .forUpdate()
    .execute();
  return rows.map((row) => row.user_id);
}

function selectUsers(db: Connection) {
  return db
    .selectFrom("users")
    .select([
      "users.id",
      "users.name",
      "users.password_hash",
      "users.created_at",
      "users.last_sign_in_at",
      policiesOfUser.as("policies"),
    ]);
}

/** Policy names of the row of `users` in the same query. */
export const policiesOfUser = sql<ManagedPolicyName[]>`coalesce((
  select json_agg(user_policies.policy_name order by user_policies.policy_name)
  from user_policies where user_policies.user_id = users.id), '[]'::json)`;

function toUser(row: {
  id: string;
  name: string;
  password_hash: string | null;
  created_at: Date;
  last_sign_in_at: Date | null;
  policies: ManagedPolicyName[];
}): UserRecord {
  return {
    id: row.id,
    name: row.name,
    passwordHash: row.password_hash,
    policies: row.policies,
    createdAt: row.created_at,
    lastSignInAt: row.last_sign_in_at,
  };
}
