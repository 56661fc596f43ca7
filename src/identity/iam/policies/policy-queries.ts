import { type Kysely, sql } from "kysely";
import type { Tables } from "../../../db/index.ts";
import type { Tags } from "../tags.ts";

/** A policy that a customer wrote. */
export interface PolicyRecord {
  readonly id: string;
  /** `ANPA…`. */
  readonly iamId: string;
  readonly name: string;
  readonly path: string;
  readonly description: string | null;
  readonly defaultVersion: number;
  readonly newestVersion: number;
  readonly tags: Tags;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface VersionRecord {
  readonly version: number;
  readonly document: string;
  readonly createdAt: Date;
}

type Connection = Kysely<Tables>;

export async function listPolicyRecords(db: Connection): Promise<PolicyRecord[]> {
  return selectPolicies(db).execute();
}

/** AWS compares names of policies without regard to case. */
export async function findPolicyRecord(db: Connection, name: string): Promise<PolicyRecord | undefined> {
  return selectPolicies(db).where(sql`lower(name)`, "=", name.toLowerCase()).executeTakeFirst();
}

export async function countPolicyRecords(db: Connection): Promise<number> {
  const row = await db
    .selectFrom("policies")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** With its first version. */
export async function insertPolicy(
  db: Connection,
  policy: Omit<PolicyRecord, "defaultVersion" | "newestVersion" | "updatedAt">,
  document: string,
): Promise<void> {
  const { id, iamId, name, path, description, tags, createdAt } = policy;
  await db
    .insertInto("policies")
    .values({
      id,
      iam_id: iamId,
      name,
      path,
      description,
      default_version: 1,
      newest_version: 1,
      tags: JSON.stringify(tags),
      created_at: createdAt,
      updated_at: createdAt,
    })
    .execute();
  await insertVersion(db, id, { version: 1, document, createdAt });
}

/** Takes its versions along. */
export async function deletePolicyRecord(db: Connection, id: string): Promise<void> {
  await db.deleteFrom("policies").where("id", "=", id).execute();
}

export async function updatePolicyTags(db: Connection, id: string, tags: Tags): Promise<void> {
  await db
    .updateTable("policies")
    .set({ tags: JSON.stringify(tags) })
    .where("id", "=", id)
    .execute();
}

export async function setVersions(
  db: Connection,
  id: string,
  versions: { defaultVersion: number; newestVersion: number; at: Date },
): Promise<void> {
  await db
    .updateTable("policies")
    .set({
      default_version: versions.defaultVersion,
      newest_version: versions.newestVersion,
      updated_at: versions.at,
    })
    .where("id", "=", id)
    .execute();
}

export async function listVersionRecords(db: Connection, policyId: string): Promise<VersionRecord[]> {
  return db
    .selectFrom("policy_versions")
    .select(["version", "document", "created_at as createdAt"])
    .where("policy_id", "=", policyId)
    .orderBy("version", "desc")
    .execute();
}

export async function insertVersion(db: Connection, policyId: string, record: VersionRecord): Promise<void> {
  const { version, document, createdAt } = record;
  await db
    .insertInto("policy_versions")
    .values({ policy_id: policyId, version, document, created_at: createdAt })
    .execute();
}

export async function deleteVersionRecord(db: Connection, policyId: string, version: number): Promise<void> {
  await db
    .deleteFrom("policy_versions")
    .where("policy_id", "=", policyId)
    .where("version", "=", version)
    .execute();
}

function selectPolicies(db: Connection) {
  return db
    .selectFrom("policies")
    .select([
      "id",
      "iam_id as iamId",
      "name",
      "path",
      "description",
      "default_version as defaultVersion",
      "newest_version as newestVersion",
      "tags",
      "created_at as createdAt",
      "updated_at as updatedAt",
    ]);
}
