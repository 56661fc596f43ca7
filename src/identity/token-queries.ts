import type { Kysely } from "kysely";
import type { ManagedPolicyName } from "../contract/index.ts";
import type { Tables } from "../db/index.ts";
import { policiesOfUser } from "./user-queries.ts";

type Connection = Kysely<Tables>;

/** Tokens of our own REST API; other services' keys live in the same table. */
const serviceName = "nephoscope";

export interface TokenRecord {
  readonly id: string;
  readonly name: string;
  readonly hint: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
}

export interface TokenWithUser {
  readonly id: string;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly user: { id: string; name: string; policies: ManagedPolicyName[] };
}

export async function findTokenByHash(
  db: Connection,
  secretHash: string,
): Promise<TokenWithUser | undefined> {
  const row = await db
    .selectFrom("service_specific_credentials as tokens")
    .innerJoin("users", "users.id", "tokens.user_id")
    .select([
      "tokens.id",
      "tokens.expires_at",
      "tokens.last_used_at",
      "users.id as user_id",
      "users.name as user_name",
      policiesOfUser.as("policies"),
    ])
    .where("tokens.secret_hash", "=", secretHash)
    .where("tokens.service_name", "=", serviceName)
    .executeTakeFirst();
  return (
    row && {
      id: row.id,
      expiresAt: row.expires_at,
      lastUsedAt: row.last_used_at,
      user: { id: row.user_id, name: row.user_name, policies: row.policies },
    }
  );
}

export async function listTokensOfUser(db: Connection, userId: string): Promise<TokenRecord[]> {
  const rows = await db
    .selectFrom("service_specific_credentials")
    .select(["id", "name", "hint", "created_at", "expires_at", "last_used_at"])
    .where("user_id", "=", userId)
    .where("service_name", "=", serviceName)
    .orderBy("created_at")
    .orderBy("id")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    hint: row.hint,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  }));
}

export async function insertToken(
  db: Connection,
  token: {
    id: string;
    userId: string;
    name: string;
    secretHash: string;
    hint: string;
    createdAt: Date;
    expiresAt: Date | null;
  },
): Promise<void> {
  await db
    .insertInto("service_specific_credentials")
    .values({
      id: token.id,
      user_id: token.userId,
      service_name: serviceName,
      name: token.name,
      secret_hash: token.secretHash,
      hint: token.hint,
      created_at: token.createdAt,
      expires_at: token.expiresAt,
      last_used_at: null,
    })
    .execute();
}

/** False when the user has no such token. */
export async function deleteToken(db: Connection, id: string, userId: string): Promise<boolean> {
  const deleted = await db
    .deleteFrom("service_specific_credentials")
    .where("id", "=", id)
    .where("user_id", "=", userId)
    .where("service_name", "=", serviceName)
    .returning("id")
    .executeTakeFirst();
  return deleted !== undefined;
}

export async function touchToken(db: Connection, id: string, at: Date): Promise<void> {
  await db
    .updateTable("service_specific_credentials")
    .set({ last_used_at: at })
    .where("id", "=", id)
    .execute();
}
