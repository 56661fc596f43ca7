import { createHmac, type KeyObject } from "node:crypto";
import type { Kysely, Transaction } from "kysely";
import { type Clock, type Log, type Random, Secret } from "../../base/index.ts";
import type { VaultStatus } from "../../contract/index.ts";
import type { Tables } from "../../db/index.ts";
import { type DataKeyRow, makeDataKey, secretAad, unreadable, unwrapDataKey } from "./data-keys.ts";
import { openBytes, sealBytes } from "./envelope.ts";
import { createKeyRing, type KeyRing } from "./key-ring.ts";
import { createRotation } from "./rotation.ts";
import { checkMasterKeys } from "./start-up.ts";
import { createSealedTokens, type SealedTokens } from "./tokens.ts";

/** Place of one secret. `version` is counted by its owner: an older ciphertext put back does not open. */
export interface SecretReference {
  readonly kind: string;
  readonly recordId: string;
  readonly field: string;
  readonly version: number;
}

/** A statement runner: the database itself, or the transaction the caller is in. */
export type Executor = Kysely<Tables>;

export interface Vault extends SealedTokens {
  /** Replaces what the field held. Pass the transaction in which the owning record is written. */
  seal(reference: SecretReference, secret: Secret, executor?: Executor): Promise<void>;
  /** Throws `secret_unreadable` for what is missing, damaged, moved or of another version; never gives an empty text instead. */
  open(reference: SecretReference, executor?: Executor): Promise<Secret>;
  /** Forgets one field, or the whole record with its data key. Safe to repeat. */
  remove(kind: string, recordId: string, options?: { field?: string; executor?: Executor }): Promise<void>;
  /** The same text always gives the same 32 characters, on this installation only. */
  fingerprint(text: string): string;
  /** Gives every record a new data key under the write key. Throws `rotation_running`. Safe to interrupt and to repeat. */
  rotate(): Promise<VaultStatus>;
  status(): Promise<VaultStatus>;
}

export interface VaultDependencies {
  readonly db: { readonly kysely: Kysely<Tables> };
  /** The first writes, all read. */
  readonly masterKeys: readonly Secret[];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Of this installation: behind fingerprints, and behind tokens that are sealed and stored nowhere. */
const installationKeyReference: SecretReference = {
  kind: "vault",
  recordId: "fingerprint",
  field: "key",
  version: 1,
};

/** Throws `master_key_mismatch`, and changes nothing, when the keys at hand do not open what is stored. */
export async function createVault(dependencies: VaultDependencies): Promise<Vault> {
  const { db, clock, random, log } = dependencies;
  const ring = createKeyRing(dependencies.masterKeys);
  const sealing = createSealing({ ring, clock, random });

  const installationKey = await db.kysely.transaction().execute(async (transaction) => {
    await checkMasterKeys(transaction, { ring, clock, random });
    return installationKeyOf(transaction, sealing, random);
  });
  const rotation = createRotation({ db, ring, clock, random, log });

  return {
    seal: async (reference, secret, executor) => {
      await inTransaction(db.kysely, executor, (transaction) =>
        sealing.seal(transaction, reference, secret.reveal()),
      );
    },
    open: async (reference, executor = db.kysely) => {
      try {
        return new Secret(await sealing.open(executor, reference));
      } catch (error) {
        log.error("A sealed secret could not be opened.", { reference, error });
        throw error;
      }
    },
    remove: (kind, recordId, options = {}) =>
      removeSealed(options.executor ?? db.kysely, kind, recordId, options.field),
    fingerprint: (text) => createHmac("sha256", installationKey).update(text).digest("hex").slice(0, 32),
    ...createSealedTokens(installationKey, random),
    rotate: async () => {
      await rotation.run();
      return rotation.status();
    },
    status: rotation.status,
  };
}

function createSealing({ ring, clock, random }: { ring: KeyRing; clock: Clock; random: Random }) {
  return {
    async seal(executor: Executor, reference: SecretReference, value: string): Promise<void> {
      const { place, key } = await dataKeyForWriting(executor, reference);
      const aad = secretAad(place, reference.field, reference.version);
      const sealed = sealBytes(key, Buffer.from(value, "utf8"), aad, random);
      const { field, version } = reference;
      await executor
        .insertInto("sealed_secrets")
        .values({ data_key_id: place.id, field, version, sealed })
        .onConflict((conflict) => conflict.columns(["data_key_id", "field"]).doUpdateSet({ version, sealed }))
        .execute();
    },

    async open(executor: Executor, reference: SecretReference): Promise<string> {
      const { kind, recordId, field, version } = reference;
      const row = await executor
        .selectFrom("data_keys")
        .innerJoin("sealed_secrets", "sealed_secrets.data_key_id", "data_keys.id")
        .selectAll("data_keys")
        .select(["sealed_secrets.sealed", "sealed_secrets.version"])
        .where("data_keys.kind", "=", kind)
        .where("data_keys.record_id", "=", recordId)
        .where("sealed_secrets.field", "=", field)
        .executeTakeFirst();
      if (!row) throw unreadable({ ...reference, reason: "missing" });
      if (row.version !== version) throw unreadable({ ...reference, reason: "version" });
      const key = unwrapDataKey(row, ring);
      try {
        return openBytes(key, row.sealed, secretAad({ id: row.id, kind, recordId }, field, version)).toString(
          "utf8",
        );
      } catch (cause) {
        throw unreadable({ ...reference, masterKeyId: row.master_key_id }, cause);
      }
    },
  };

  async function dataKeyForWriting(
    executor: Executor,
    { kind, recordId }: SecretReference,
  ): Promise<{ place: { id: string; kind: string; recordId: string }; key: KeyObject }> {
    const place = { id: random.uuid(), kind, recordId };
    const made = makeDataKey(place, ring.writeKey, random);
    await executor
      .insertInto("data_keys")
      .values({
        id: place.id,
        kind,
        record_id: recordId,
        master_key_id: ring.writeKey.id,
        wrapped: made.wrapped,
        rotation_id: null,
        created_at: new Date(clock.now()),
      })
      .onConflict((conflict) => conflict.columns(["kind", "record_id"]).doNothing())
      .execute();
    const row: DataKeyRow = await executor
      .selectFrom("data_keys")
      .selectAll()
      .where("kind", "=", kind)
      .where("record_id", "=", recordId)
      .forUpdate()
      .executeTakeFirstOrThrow();
    if (row.id === place.id) return { place, key: made.key };
    return { place: { ...place, id: row.id }, key: unwrapDataKey(row, ring) };
  }
}

async function removeSealed(
  executor: Executor,
  kind: string,
  recordId: string,
  field: string | undefined,
): Promise<void> {
  if (field === undefined) {
    await executor
      .deleteFrom("data_keys")
      .where("kind", "=", kind)
      .where("record_id", "=", recordId)
      .execute();
    return;
  }
  await executor
    .deleteFrom("sealed_secrets")
    .where("field", "=", field)
    .where("data_key_id", "in", (query) =>
      query.selectFrom("data_keys").select("id").where("kind", "=", kind).where("record_id", "=", recordId),
    )
    .execute();
}

/** Itself a sealed secret, so that a copy of the database can neither test guesses of key IDs nor make tokens. */
async function installationKeyOf(
  transaction: Transaction<Tables>,
  sealing: ReturnType<typeof createSealing>,
  random: Random,
): Promise<Buffer> {
  const existing = await transaction
    .selectFrom("data_keys")
    .select("id")
    .where("kind", "=", installationKeyReference.kind)
    .where("record_id", "=", installationKeyReference.recordId)
    .executeTakeFirst();
  if (!existing) {
    await sealing.seal(transaction, installationKeyReference, random.bytes(32).toString("base64"));
  }
  return Buffer.from(await sealing.open(transaction, installationKeyReference), "base64");
}

async function inTransaction(
  kysely: Kysely<Tables>,
  executor: Executor | undefined,
  work: (transaction: Executor) => Promise<void>,
): Promise<void> {
  if (executor) return work(executor);
  await kysely.transaction().execute(work);
}
