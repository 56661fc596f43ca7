import { createSecretKey, type KeyObject } from "node:crypto";
import type { Selectable } from "kysely";
import { AppError, type Random } from "../../base/index.ts";
import type { Tables } from "../../db/index.ts";
import { associatedData, openBytes, sealBytes } from "./envelope.ts";
import type { KeyRing, MasterKey } from "./key-ring.ts";

export type DataKeyRow = Selectable<Tables["data_keys"]>;

/** What a wrapped key and a sealed value are bound to; moved anywhere else, they do not open. */
interface DataKeyPlace {
  readonly id: string;
  readonly kind: string;
  readonly recordId: string;
}

const schemaVersion = 1;

function wrapAad(place: DataKeyPlace, masterKeyId: string): Buffer {
  return associatedData(["data_keys", schemaVersion, place.kind, place.recordId, place.id, masterKeyId]);
}

export function secretAad(place: DataKeyPlace, field: string, version: number): Buffer {
  const { kind, recordId, id } = place;
  return associatedData(["sealed_secrets", schemaVersion, kind, recordId, field, version, id]);
}

/** A fresh data key, and what of it may be stored. */
export function makeDataKey(
  place: DataKeyPlace,
  masterKey: MasterKey,
  random: Random,
): { key: KeyObject; wrapped: Buffer } {
  const bytes = random.bytes(32);
  const wrapped = sealBytes(masterKey.key, bytes, wrapAad(place, masterKey.id), random);
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return { key, wrapped };
}

/** Throws `master_key_mismatch` when the master key is not on the ring, `secret_unreadable` when it does not fit. */
export function unwrapDataKey(row: DataKeyRow, ring: KeyRing): KeyObject {
  const masterKey = ring.get(row.master_key_id);
  if (!masterKey) throw missingMasterKey([row.master_key_id]);
  const place = { id: row.id, kind: row.kind, recordId: row.record_id };
  try {
    const bytes = openBytes(masterKey.key, row.wrapped, wrapAad(place, masterKey.id));
    const key = createSecretKey(bytes);
    bytes.fill(0);
    return key;
  } catch (cause) {
    throw unreadable({ kind: row.kind, recordId: row.record_id, masterKeyId: masterKey.id }, cause);
  }
}

export function unreadable(detail: Record<string, unknown>, cause?: unknown): AppError {
  return new AppError("secret_unreadable", { detail, cause });
}

export function missingMasterKey(keyIds: readonly string[]): AppError {
  return new AppError("master_key_mismatch", {
    message: `The vault was sealed with master key ${keyIds.join(", ")}, which was not given. Add that key to NEPHO_MASTER_KEY; nothing was changed.`,
    detail: { keyIds },
  });
}
