import type { Kysely, Transaction } from "kysely";
import { AppError, type Clock, type Log, type Random } from "../../base/index.ts";
import type { VaultStatus } from "../../contract/index.ts";
import { isUniqueViolation, type Tables } from "../../db/index.ts";
import { type DataKeyRow, makeDataKey, secretAad, unreadable, unwrapDataKey } from "./data-keys.ts";
import { openBytes, sealBytes } from "./envelope.ts";
import type { KeyRing } from "./key-ring.ts";

/** A rotation whose last sign of life is older was interrupted; another may take over. */
const abandonedAfterMs = 60_000;
/** Records whose ids are read at a time; each record has its own transaction. */
const pageSize = 100;

interface RotationDependencies {
  readonly db: { readonly kysely: Kysely<Tables> };
  readonly ring: KeyRing;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/**
 * Gives every record a new data key, wrapped with the write key, and seals its secrets again. One record is one
 * transaction: whatever interrupts the work, each record is wholly under its old key or wholly under its new one.
 */
export function createRotation(dependencies: RotationDependencies) {
  const { db, ring, clock, log } = dependencies;

  async function run(): Promise<void> {
    const id = await claim();
    try {
      const damaged = await rotateAll(id);
      if (damaged > 0) {
        await finish(
          id,
          "failed",
          `${damaged} records could not be opened and stay under their old key; enter their secrets again.`,
        );
        return;
      }
      await finish(id, "finished", null);
      log.info("The vault's keys were rotated.", { rotationId: id });
    } catch (error) {
      log.error("The rotation of the vault's keys failed.", { rotationId: id, error });
      await finish(
        id,
        "failed",
        error instanceof AppError ? error.message : "Unexpected error; see the log.",
      );
      throw error;
    }
  }

  /** Gives the number of records that did not open: one damaged secret must not keep the others under an old key. */
  async function rotateAll(rotationId: string): Promise<number> {
    let done = await countRotated(rotationId);
    let damaged = 0;
    let after: string | undefined;
    for (
      let page = await nextPage(rotationId, after);
      page.length > 0;
      page = await nextPage(rotationId, after)
    ) {
      for (const dataKeyId of page) {
        const opened = await tryRotateRecord(dataKeyId, rotationId);
        if (opened) done += 1;
        else damaged += 1;
        await beat(rotationId, done);
      }
      after = page.at(-1);
    }
    return damaged;
  }

  async function tryRotateRecord(dataKeyId: string, rotationId: string): Promise<boolean> {
    try {
      await rotateRecord(dependencies, dataKeyId, rotationId);
      return true;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "secret_unreadable") throw error;
      log.error("A record could not be opened during rotation.", { dataKeyId, error });
      return false;
    }
  }

  /** Goes on with an interrupted rotation, or starts one. The unique index lets only one run at a time. */
  async function claim(): Promise<string> {
    const now = new Date(clock.now());
    const interrupted = await db.kysely
      .updateTable("vault_rotations")
      .set({ beat_at: now })
      .where("state", "=", "running")
      .where("beat_at", "<", new Date(clock.now() - abandonedAfterMs))
      .returning("id")
      .executeTakeFirst();
    if (interrupted) return interrupted.id;
    const id = dependencies.random.uuid();
    const total = await countDataKeys(db.kysely);
    try {
      await db.kysely
        .insertInto("vault_rotations")
        .values({ id, state: "running", done: 0, total, started_at: now, beat_at: now })
        .execute();
    } catch (error) {
      if (isUniqueViolation(error)) {
        throw new AppError("rotation_running", {
          message:
            "A vault rotation is already under way. If the server was stopped in the middle of it, ask again in a minute: it then goes on where it ended.",
          cause: error,
        });
      }
      throw error;
    }
    return id;
  }

  async function nextPage(rotationId: string, after: string | undefined): Promise<string[]> {
    const rows = await db.kysely
      .selectFrom("data_keys")
      .select("id")
      .where("rotation_id", "is distinct from", rotationId)
      .$if(after !== undefined, (query) => query.where("id", ">", after as string))
      .orderBy("id")
      .limit(pageSize)
      .execute();
    return rows.map((row) => row.id);
  }

  async function countRotated(rotationId: string): Promise<number> {
    const row = await db.kysely
      .selectFrom("data_keys")
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .where("rotation_id", "=", rotationId)
      .executeTakeFirstOrThrow();
    return Number(row.count);
  }

  async function beat(id: string, done: number): Promise<void> {
    await db.kysely
      .updateTable("vault_rotations")
      .set({ done, beat_at: new Date(clock.now()) })
      .where("id", "=", id)
      .execute();
  }

  async function finish(id: string, state: "finished" | "failed", message: string | null): Promise<void> {
    await db.kysely
      .updateTable("vault_rotations")
      .set({ state, message, finished_at: new Date(clock.now()) })
      .where("id", "=", id)
      .execute();
  }

  return { run, status: () => readStatus(db.kysely, ring) };
}

/** A record that was removed meanwhile is nothing to do. New secrets are made under new keys as well: they are rotated once more, harmlessly. */
async function rotateRecord(
  { db, ring, clock, random }: RotationDependencies,
  dataKeyId: string,
  rotationId: string,
): Promise<void> {
  await db.kysely.transaction().execute(async (transaction) => {
    const row = await transaction
      .selectFrom("data_keys")
      .selectAll()
      .where("id", "=", dataKeyId)
      .forUpdate()
      .executeTakeFirst();
    if (!row) return;
    const place = { id: row.id, kind: row.kind, recordId: row.record_id };
    const next = makeDataKey(place, ring.writeKey, random);
    await resealSecrets(transaction, row, unwrapDataKey(row, ring), next.key, random);
    await transaction
      .updateTable("data_keys")
      .set({
        wrapped: next.wrapped,
        master_key_id: ring.writeKey.id,
        rotation_id: rotationId,
        created_at: new Date(clock.now()),
      })
      .where("id", "=", row.id)
      .execute();
  });
}

async function resealSecrets(
  transaction: Transaction<Tables>,
  row: DataKeyRow,
  oldKey: Parameters<typeof openBytes>[0],
  newKey: Parameters<typeof openBytes>[0],
  random: Random,
): Promise<void> {
  const secrets = await transaction
    .selectFrom("sealed_secrets")
    .selectAll()
    .where("data_key_id", "=", row.id)
    .execute();
  const place = { id: row.id, kind: row.kind, recordId: row.record_id };
  for (const secret of secrets) {
    const aad = secretAad(place, secret.field, secret.version);
    let plaintext: Buffer;
    try {
      plaintext = openBytes(oldKey, secret.sealed, aad);
    } catch (cause) {
      throw unreadable({ kind: row.kind, recordId: row.record_id, field: secret.field }, cause);
    }
    await transaction
      .updateTable("sealed_secrets")
      .set({ sealed: sealBytes(newKey, plaintext, aad, random) })
      .where("data_key_id", "=", row.id)
      .where("field", "=", secret.field)
      .execute();
    plaintext.fill(0);
  }
}

async function countDataKeys(kysely: Kysely<Tables>): Promise<number> {
  const row = await kysely
    .selectFrom("data_keys")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

async function readStatus(kysely: Kysely<Tables>, ring: KeyRing): Promise<VaultStatus> {
  const keys = await kysely
    .selectFrom("master_keys")
    .leftJoin("data_keys", "data_keys.master_key_id", "master_keys.key_id")
    .select(({ fn }) => ["master_keys.key_id", fn.count<number>("data_keys.id").as("count")])
    .groupBy("master_keys.key_id")
    .orderBy("master_keys.key_id")
    .execute();
  const secrets = await kysely
    .selectFrom("sealed_secrets")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  const last = await kysely
    .selectFrom("vault_rotations")
    .selectAll()
    .orderBy("started_at", "desc")
    .limit(1)
    .executeTakeFirst();
  return {
    writeKeyId: ring.writeKey.id,
    masterKeys: keys.map((key) => ({
      keyId: key.key_id,
      dataKeys: Number(key.count),
      removable: Number(key.count) === 0 && key.key_id !== ring.writeKey.id,
    })),
    secrets: Number(secrets.count),
    rotation: {
      state: last?.state === "running" ? "running" : last?.state === "failed" ? "failed" : "idle",
      done: last?.done ?? 0,
      total: last?.total ?? 0,
      startedAt: last?.started_at.toISOString() ?? null,
      finishedAt: last?.finished_at?.toISOString() ?? null,
      message: last?.message ?? null,
    },
  };
}
