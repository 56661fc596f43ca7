import type { Kysely, Transaction } from "kysely";
import { alphanumerics, type Random, type Secret } from "../base/index.ts";
import type { Tables } from "../db/index.ts";

/** What the vault must offer; its own type is wider. */
export interface SecretStore {
  seal(ref: SecretRef, value: Secret, executor: Transaction<Tables>): Promise<void>;
  open(ref: SecretRef): Promise<Secret>;
  /** Seals what is handed out and stored nowhere. */
  sealToken(context: readonly string[], content: Secret): string;
  /** Undefined for what was not sealed here in this context. */
  openToken(context: readonly string[], token: string): Secret | undefined;
  /** Safe to repeat. */
  remove(kind: string, recordId: string, options: { executor: Transaction<Tables> }): Promise<void>;
}

export interface SecretRef {
  readonly kind: string;
  readonly recordId: string;
  readonly version: number;
  readonly field: string;
}

const kind = "access_key";

export function secretRefOf(id: string): SecretRef {
  return { kind, recordId: id, version: 1, field: "secret" };
}

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The shape of AWS's own: tools check it before they send anything. */
export function newAccessKey(
  random: Random,
  /** `ASIA` stands for temporary ones. */
  prefix: "AKIA" | "ASIA" = "AKIA",
): { accessKeyId: string; secretAccessKey: string } {
  return {
    accessKeyId: `${prefix}${random.text(16, base32)}`,
    secretAccessKey: random.text(40, `${alphanumerics}+/`),
  };
}

export async function insertAccessKey(
  db: Kysely<Tables>,
  /** Without a user it is a key of the account's root. */
  key: { id: string; accessKeyId: string; userRecordId: string | null; createdAt: Date },
): Promise<void> {
  await db
    .insertInto("access_keys")
    .values({
      id: key.id,
      access_key_id: key.accessKeyId,
      user_id: key.userRecordId,
      created_at: key.createdAt,
    })
    .execute();
}

export async function countAccessKeys(db: Kysely<Tables>, userRecordId: string | null): Promise<number> {
  const row = await db
    .selectFrom("access_keys")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("user_id", "is not distinct from", userRecordId)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** The record of a key of this user; undefined when there is none. */
export async function findAccessKey(
  db: Kysely<Tables>,
  accessKeyId: string,
  userRecordId: string | null,
): Promise<{ id: string } | undefined> {
  return db
    .selectFrom("access_keys")
    .select("id")
    .where("access_key_id", "=", accessKeyId)
    .where("user_id", "is not distinct from", userRecordId)
    .executeTakeFirst();
}

export async function updateAccessKeyStatus(
  db: Kysely<Tables>,
  id: string,
  status: "Active" | "Inactive",
): Promise<void> {
  await db.updateTable("access_keys").set({ status }).where("id", "=", id).execute();
}

/** With its secret. */
export async function deleteAccessKey(
  transaction: Transaction<Tables>,
  vault: SecretStore,
  id: string,
): Promise<void> {
  await transaction.deleteFrom("access_keys").where("id", "=", id).execute();
  await vault.remove(kind, id, { executor: transaction });
}

export async function deleteAccessKeysOfUser(
  transaction: Transaction<Tables>,
  vault: SecretStore,
  userRecordId: string,
): Promise<void> {
  const keys = await transaction
    .selectFrom("access_keys")
    .select("id")
    .where("user_id", "=", userRecordId)
    .execute();
  for (const { id } of keys) await deleteAccessKey(transaction, vault, id);
}

export async function readAccessKeyUse(
  db: Kysely<Tables>,
  recordId: string,
): Promise<{ at: Date; service: string; region: string } | undefined> {
  const row = await db
    .selectFrom("access_keys")
    .select(["last_used_at", "last_used_service", "last_used_region"])
    .where("id", "=", recordId)
    .executeTakeFirst();
  if (!row?.last_used_at) return undefined;
  return {
    at: row.last_used_at,
    service: row.last_used_service ?? "N/A",
    region: row.last_used_region ?? "N/A",
  };
}
