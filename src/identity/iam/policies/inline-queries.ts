import type { Kysely } from "kysely";
import type { Tables } from "../../../db/index.ts";

type Connection = Kysely<Tables>;

export interface InlinePolicy {
  readonly name: string;
  readonly document: string;
}

export async function listInlinePolicies(db: Connection, userId: string): Promise<InlinePolicy[]> {
  return db
    .selectFrom("user_inline_policies")
    .select(["name", "document"])
    .where("user_id", "=", userId)
    .orderBy("name")
    .execute();
}

/** Takes the place of one of the same name. */
export async function putInlinePolicy(db: Connection, userId: string, policy: InlinePolicy): Promise<void> {
  const { name, document } = policy;
  await db
    .insertInto("user_inline_policies")
    .values({ user_id: userId, name, document })
    .onConflict((conflict) => conflict.columns(["user_id", "name"]).doUpdateSet({ document }))
    .execute();
}

/** False when there is none of this name. */
export async function deleteInlinePolicy(db: Connection, userId: string, name: string): Promise<boolean> {
  const rows = await db
    .deleteFrom("user_inline_policies")
    .where("user_id", "=", userId)
    .where("name", "=", name)
    .returning("name")
    .execute();
  return rows.length > 0;
}
