import type { Kysely, Transaction } from "kysely";
import { alphanumerics, type Clock, type Random, type Secret } from "../base/index.ts";
import type { Principal } from "../contract/index.ts";
import type { Tables } from "../db/index.ts";
import { principalOfRoot } from "./principals.ts";

/** What the vault must offer; its own type is wider. */
export interface SecretStore {
  seal(ref: SecretRef, value: Secret, executor: Transaction<Tables>): Promise<void>;
  open(ref: SecretRef): Promise<Secret>;
}

export interface SecretRef {
  readonly kind: string;
  readonly recordId: string;
  readonly version: number;
  readonly field: string;
}

export interface AccessKeys {
  /** The secret that a SigV4 signature must be made with, and who signs; undefined for an unknown key. */
  open(accessKeyId: string): Promise<{ secret: Secret; principal: Principal } | undefined>;
}

export function createAccessKeys(deps: {
  kysely: Kysely<Tables>;
  vault: SecretStore;
  accountId: string;
}): AccessKeys {
  return {
    open: async (accessKeyId) => {
      const row = await deps.kysely
        .selectFrom("access_keys")
        .select("id")
        .where("access_key_id", "=", accessKeyId)
        .where("user_id", "is", null)
        .executeTakeFirst();
      if (!row) return undefined;
      const secret = await deps.vault.open(secretRefOf(row.id));
      return { secret, principal: principalOfRoot(deps.accountId, { kind: "sigv4", id: accessKeyId }) };
    },
  };
}

export async function insertRootAccessKey(
  db: Kysely<Tables>,
  key: { id: string; accessKeyId: string; clock: Clock },
): Promise<void> {
  await db
    .insertInto("access_keys")
    .values({
      id: key.id,
      access_key_id: key.accessKeyId,
      user_id: null,
      created_at: new Date(key.clock.now()),
    })
    .execute();
}

export function secretRefOf(id: string): SecretRef {
  return { kind: "access_key", recordId: id, version: 1, field: "secret" };
}

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The shape of AWS's own: tools check it before they send anything. */
export function newAccessKey(random: Random): { accessKeyId: string; secretAccessKey: string } {
  return {
    accessKeyId: `AKIA${random.text(16, base32)}`,
    secretAccessKey: random.text(40, `${alphanumerics}+/`),
  };
}
