import { type Kysely, sql } from "kysely";
import type { Tables } from "../../db/index.ts";

type Connection = Kysely<Tables>;

export interface CredentialRow {
  readonly recordId: string;
  readonly id: string;
  readonly userName: string;
  readonly serviceName: string;
  readonly name: string;
  readonly alias: string | null;
  readonly status: "Active" | "Inactive";
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

/** With its user; locked, so that of two changes the second sees the first. */
export async function lockCredential(db: Connection, id: string): Promise<CredentialRow | undefined> {
  return db
    .selectFrom("service_specific_credentials as credentials")
    .innerJoin("users", "users.id", "credentials.user_id")
    .select([
      "credentials.id as recordId",
      "credentials.credential_id as id",
      "users.name as userName",
      "credentials.service_name as serviceName",
      "credentials.name",
      "credentials.alias",
      "credentials.status",
      "credentials.created_at as createdAt",
      "credentials.expires_at as expiresAt",
    ])
    .where("credentials.credential_id", "=", id)
    .forUpdate("credentials")
    .executeTakeFirst();
}

export async function countCredentials(
  db: Connection,
  userRecordId: string,
  serviceName: string,
): Promise<number> {
  const row = await db
    .selectFrom("service_specific_credentials")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("user_id", "=", userRecordId)
    .where("service_name", "=", serviceName)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** Which of the aliases are taken, by whomever: after a rename, a name can be in the aliases of another user. */
export async function findTakenAliases(
  db: Connection,
  serviceName: string,
  aliases: readonly string[],
): Promise<string[]> {
  const rows = await db
    .selectFrom("service_specific_credentials")
    .select("alias")
    .where("service_name", "=", serviceName)
    .where("alias", "=", sql<string>`any(${sql.val([...aliases])}::text[])`)
    .execute();
  return rows.flatMap(({ alias }) => alias ?? []);
}

export async function insertCredential(
  db: Connection,
  credential: {
    recordId: string;
    id: string;
    userRecordId: string;
    serviceName: string;
    name: string;
    alias: string | null;
    secretHash: string;
    hint: string;
    createdAt: Date;
    expiresAt: Date | null;
  },
): Promise<void> {
  await db
    .insertInto("service_specific_credentials")
    .values({
      id: credential.recordId,
      credential_id: credential.id,
      user_id: credential.userRecordId,
      service_name: credential.serviceName,
      name: credential.name,
      alias: credential.alias,
      secret_hash: credential.secretHash,
      hint: credential.hint,
      created_at: credential.createdAt,
      expires_at: credential.expiresAt,
      last_used_at: null,
    })
    .execute();
}

export async function updateCredentialStatus(
  db: Connection,
  recordId: string,
  status: "Active" | "Inactive",
): Promise<void> {
  await db.updateTable("service_specific_credentials").set({ status }).where("id", "=", recordId).execute();
}

export async function updateCredentialSecret(
  db: Connection,
  recordId: string,
  secret: { secretHash: string; hint: string },
): Promise<void> {
  await db
    .updateTable("service_specific_credentials")
    .set({ secret_hash: secret.secretHash, hint: secret.hint })
    .where("id", "=", recordId)
    .execute();
}

export async function deleteCredential(db: Connection, recordId: string): Promise<void> {
  await db.deleteFrom("service_specific_credentials").where("id", "=", recordId).execute();
}

/** When credentials were used last, by `ACCA…`; those never used are left out. */
export async function readCredentialUse(
  db: Connection,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Date>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("service_specific_credentials")
    .select(["credential_id", "last_used_at"])
    .where("credential_id", "in", [...ids])
    .execute();
  return new Map(
    rows.flatMap(({ credential_id, last_used_at }) =>
      last_used_at ? [[credential_id, last_used_at] as const] : [],
    ),
  );
}
