import type { Insertable, Kysely, Updateable } from "kysely";
import { AppError } from "../../base/index.ts";
import type { CredentialListQuery } from "../../contract/index.ts";
import { isUniqueViolation, type Tables } from "../../db/index.ts";
import { fromRow, type StoredCredential } from "./stored.ts";

type Executor = Kysely<Tables>;
type NewRow = Insertable<Tables["credentials"]>;

/** Throws `credential_not_found`. */
export async function getCredential(executor: Executor, id: string): Promise<StoredCredential> {
  const row = isUuid(id)
    ? await executor.selectFrom("credentials").selectAll().where("id", "=", id).executeTakeFirst()
    : undefined;
  if (!row) throw new AppError("credential_not_found");
  return fromRow(row);
}

/** The same, and keeps others from changing it until the transaction ends. */
export async function lockCredential(executor: Executor, id: string): Promise<StoredCredential> {
  const row = isUuid(id)
    ? await executor.selectFrom("credentials").selectAll().where("id", "=", id).forUpdate().executeTakeFirst()
    : undefined;
  if (!row) throw new AppError("credential_not_found");
  return fromRow(row);
}

export async function findCredentialByName(
  executor: Executor,
  name: string,
): Promise<StoredCredential | undefined> {
  const row = await executor
    .selectFrom("credentials")
    .selectAll()
    .where(({ eb, fn, val }) => eb(fn("lower", ["name"]), "=", fn("lower", [val(name)])))
    .executeTakeFirst();
  return row && fromRow(row);
}

const sortColumns = {
  name: "name",
  createdAt: "created_at",
  updatedAt: "updated_at",
  status: "status",
} as const;

export async function listCredentials(
  executor: Executor,
  query: CredentialListQuery,
): Promise<{ rows: StoredCredential[]; totalItems: number }> {
  const { text, method, status } = query;
  let filtered = executor.selectFrom("credentials");
  if (text?.includes("\u0000")) return { rows: [], totalItems: 0 };
  if (text !== undefined) {
    const pattern = `%${text.replace(/[\\%_]/g, "\\$&")}%`;
    filtered = filtered.where(({ or, eb }) =>
      or([eb("name", "ilike", pattern), eb("description", "ilike", pattern)]),
    );
  }
  if (method !== undefined) filtered = filtered.where("method", "=", method);
  if (status !== undefined) filtered = filtered.where("status", "=", status);
  const { count } = await filtered
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  const rows = await filtered
    .selectAll()
    .orderBy(sortColumns[query.sort], query.order)
    .orderBy("id")
    .offset(query.offset)
    .limit(query.limit)
    .execute();
  return { rows: rows.map(fromRow), totalItems: Number(count) };
}

/** Throws `name_taken`. */
export async function insertCredential(executor: Executor, row: NewRow): Promise<void> {
  try {
    await executor.insertInto("credentials").values(row).execute();
  } catch (error) {
    throw nameTaken(error);
  }
}

/** Throws `name_taken`, and `version_conflict` when the record is no longer of this version. */
export async function updateCredential(
  executor: Executor,
  id: string,
  version: number,
  changes: Updateable<Tables["credentials"]>,
): Promise<void> {
  try {
    const result = await executor
      .updateTable("credentials")
      .set(changes)
      .where("id", "=", id)
      .where("version", "=", version)
      .executeTakeFirst();
    if (Number(result.numUpdatedRows) === 0) throw new AppError("version_conflict");
  } catch (error) {
    throw nameTaken(error);
  }
}

/** Fingerprints among these that more than one credential has. */
export async function sharedFingerprints(
  executor: Executor,
  fingerprints: readonly string[],
): Promise<Set<string>> {
  if (fingerprints.length === 0) return new Set();
  const rows = await executor
    .selectFrom("credentials")
    .select("key_fingerprint")
    .where("key_fingerprint", "in", fingerprints)
    .groupBy("key_fingerprint")
    .having(({ fn }) => fn.countAll(), ">", 1)
    .execute();
  return new Set(rows.flatMap((row) => row.key_fingerprint ?? []));
}

/** Oldest test first; those never tested before all others. */
export async function untestedSince(executor: Executor, since: Date, limit: number): Promise<string[]> {
  const rows = await executor
    .selectFrom("credentials")
    .select("id")
    .where(({ or, eb }) => or([eb("tested_at", "is", null), eb("tested_at", "<=", since)]))
    .orderBy("tested_at", (order) => order.asc().nullsFirst())
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

/** State of every credential, without its secrets or its long texts. */
export function credentialStatuses(executor: Executor) {
  return executor
    .selectFrom("credentials")
    .select(["id", "name", "method", "status", "tested_at"])
    .orderBy("id")
    .execute();
}

/** Credentials whose chain presents this external ID. */
export async function credentialsWithExternalId(
  executor: Executor,
  externalId: string,
): Promise<StoredCredential[]> {
  const rows = await executor
    .selectFrom("credentials")
    .selectAll()
    .where("settings", "@>", JSON.stringify({ roleChain: [{ externalId }] }) as never)
    .execute();
  return rows.map(fromRow);
}

function nameTaken(error: unknown): unknown {
  if (!isUniqueViolation(error, "credentials_name_unique")) return error;
  return new AppError("name_taken", {
    message: "Another credential has this name.",
    fields: [{ path: "name", message: "Another credential has this name." }],
    cause: error,
  });
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);
}
