import type { Kysely, Transaction } from "kysely";
import type { Tables } from "../../db/index.ts";

export type DirectoryRows = Awaited<ReturnType<typeof readDirectoryRows>>;

/**
 * Everything that decides who may do what, as of one moment: read in pieces, it could show a user between two policies that
 * were exchanged in one change.
 */
export async function readDirectoryRows(kysely: Kysely<Tables>) {
  return kysely
    .transaction()
    .setIsolationLevel("repeatable read")
    .setAccessMode("read only")
    .execute(readRows);
}

/** Inside a transaction: one of a snapshot, or one that counts a change of identity, in which nobody else changes any of it. */
export async function readRows(db: Transaction<Tables>) {
  return {
    users: await db
      .selectFrom("users")
      .select(["id", "iam_id", "name", "path", "tags", "created_at", "password_created_at"])
      .select((eb) => eb("password_hash", "is not", null).as("has_password"))
      .execute(),
    attachments: await db
      .selectFrom("user_policies")
      .select(["user_id", "policy_name", "policy_id"])
      .execute(),
    inlinePolicies: await db
      .selectFrom("user_inline_policies")
      .select(["user_id", "name", "document"])
      .execute(),
    customerPolicies: await db
      .selectFrom("policies")
      .innerJoin("policy_versions", (join) =>
        join
          .onRef("policy_versions.policy_id", "=", "policies.id")
          .onRef("policy_versions.version", "=", "policies.default_version"),
      )
      .select(["policies.id", "policies.name", "policies.path", "policies.description"])
      .select("policy_versions.document")
      .execute(),
    accessKeys: await db
      .selectFrom("access_keys")
      .select(["id", "access_key_id", "user_id", "status", "created_at"])
      .execute(),
    credentials: await db
      .selectFrom("service_specific_credentials")
      .select(["id", "credential_id", "user_id", "service_name", "name", "alias", "hint", "status"])
      .select(["secret_hash", "created_at", "expires_at"])
      .execute(),
  };
}

/** As a change leaves it that has counted itself. */
export async function readIdentityCount(transaction: Transaction<Tables>): Promise<number> {
  const { count } = await transaction
    .selectFrom("change_counters")
    .select("count")
    .where("family", "=", "identity")
    .executeTakeFirstOrThrow();
  return Number(count);
}
