import { sql, type Transaction } from "kysely";
import type { Clock, Random } from "../../base/index.ts";
import { lockKeys, type Tables } from "../../db/index.ts";
import { missingMasterKey } from "./data-keys.ts";
import { associatedData, openBytes, sealBytes } from "./envelope.ts";
import type { KeyRing, MasterKey } from "./key-ring.ts";

const canaryText = Buffer.from("nephoscope vault canary", "utf8");

/**
 * Proves that the keys at hand open what is stored, before anything is read or written: every master key that a
 * data key depends on must be there and must open its canary. Then a new write key is entered, and keys that
 * nothing depends on and that were not given are struck off. Throws `master_key_mismatch`.
 */
export async function checkMasterKeys(
  transaction: Transaction<Tables>,
  { ring, clock, random }: { ring: KeyRing; clock: Clock; random: Random },
): Promise<void> {
  await sql`select pg_advisory_xact_lock(${lockKeys.masterKeys}::bigint)`.execute(transaction);
  const rows = await transaction.selectFrom("master_keys").selectAll().execute();
  const used = await usedKeyIds(transaction);

  const missing = used.filter((id) => !ring.get(id));
  if (missing.length > 0) throw missingMasterKey(missing);
  for (const row of rows) {
    const masterKey = ring.get(row.key_id);
    if (masterKey && !opensCanary(masterKey, row.canary)) throw missingMasterKey([row.key_id]);
  }

  await transaction
    .insertInto("master_keys")
    .values({
      key_id: ring.writeKey.id,
      canary: sealBytes(ring.writeKey.key, canaryText, canaryAad(ring.writeKey.id), random),
      created_at: new Date(clock.now()),
    })
    .onConflict((conflict) => conflict.column("key_id").doNothing())
    .execute();
  const kept = [...used, ...ring.all.map((key) => key.id)];
  await transaction.deleteFrom("master_keys").where("key_id", "not in", kept).execute();
}

async function usedKeyIds(transaction: Transaction<Tables>): Promise<string[]> {
  const rows = await transaction.selectFrom("data_keys").select("master_key_id").distinct().execute();
  return rows.map((row) => row.master_key_id);
}

function canaryAad(keyId: string): Buffer {
  return associatedData(["master_keys", 1, keyId]);
}

function opensCanary(masterKey: MasterKey, canary: Buffer): boolean {
  try {
    return openBytes(masterKey.key, canary, canaryAad(masterKey.id)).equals(canaryText);
  } catch {
    return false;
  }
}
