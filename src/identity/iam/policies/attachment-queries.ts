import type { Kysely } from "kysely";
import type { Tables } from "../../../db/index.ts";
import type { Attachment } from "../../attached-policies.ts";

type Connection = Kysely<Tables>;
type PolicyKey = Pick<Attachment, "policyName" | "policyId">;

/** How many managed policies a user has. */
export async function countAttachmentsOfUser(db: Connection, userId: string): Promise<number> {
  const row = await db
    .selectFrom("user_policies")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("user_id", "=", userId)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export async function isAttached(db: Connection, userId: string, key: PolicyKey): Promise<boolean> {
  const row = await selectAttachments(db, key).where("user_id", "=", userId).executeTakeFirst();
  return row !== undefined;
}

export async function isAttachedToAnybody(db: Connection, key: PolicyKey): Promise<boolean> {
  return (await selectAttachments(db, key).limit(1).executeTakeFirst()) !== undefined;
}

export async function deleteAttachment(db: Connection, userId: string, key: PolicyKey): Promise<void> {
  await db
    .deleteFrom("user_policies")
    .where("user_id", "=", userId)
    .where(columnOf(key), "=", identifierOf(key))
    .execute();
}

function selectAttachments(db: Connection, key: PolicyKey) {
  return db.selectFrom("user_policies").select("user_id").where(columnOf(key), "=", identifierOf(key));
}

function columnOf({ policyName }: PolicyKey): "policy_name" | "policy_id" {
  return policyName === null ? "policy_id" : "policy_name";
}

function identifierOf({ policyName, policyId }: PolicyKey): string {
  return policyName ?? policyId ?? "";
}
