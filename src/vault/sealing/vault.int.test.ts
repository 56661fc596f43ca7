import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { forEachDatabase, type OpenedDatabase } from "../../../test/support/databases.ts";
import { AppError, createLog, Secret, systemClock, systemRandom } from "../../base/index.ts";
import type { Database } from "../../db/index.ts";
import { generateMasterKey } from "./key-ring.ts";
import { createVault, type SecretReference, type Vault } from "./vault.ts";

const canary = "wJalrXUtnFEMI/K7MDENG/canary";
const reference: SecretReference = {
  kind: "credential",
  recordId: "a0000000-0000-4000-8000-000000000001",
  field: "secretAccessKey",
  version: 1,
};

let database: Database;
let lines: string[];
const log = createLog({ level: "debug", write: (line) => lines.push(line) });
const keyA = generateMasterKey(systemRandom);
const keyB = generateMasterKey(systemRandom);

const start = (...masterKeys: Secret[]): Promise<Vault> =>
  createVault({ db: database, masterKeys, clock: systemClock, random: systemRandom, log });
const hasCode = (code: string) => (error: unknown) => error instanceof AppError && error.code === code;

async function sealedRow() {
  return database.kysely
    .selectFrom("sealed_secrets")
    .selectAll()
    .where("field", "=", reference.field)
    .executeTakeFirstOrThrow();
}

async function overwrite(sealed: Buffer): Promise<void> {
  await database.kysely
    .updateTable("sealed_secrets")
    .set({ sealed })
    .where("field", "=", reference.field)
    .execute();
}

/** Everything the database holds, as one text. */
async function dump(): Promise<string> {
  const tables = await Promise.all(
    (["master_keys", "data_keys", "sealed_secrets", "credentials"] as const).map((table) =>
      database.kysely.selectFrom(table).selectAll().execute(),
    ),
  );
  return JSON.stringify(tables, (_, value) =>
    value?.type === "Buffer" ? Buffer.from(value.data).toString("latin1") : value,
  );
}

forEachDatabase((open) => {
  let opened: OpenedDatabase;
  before(async () => {
    opened = await open();
    database = opened.database;
  });
  beforeEach(async () => {
    lines = [];
    await database.kysely.deleteFrom("vault_rotations").execute();
    await database.kysely.deleteFrom("data_keys").execute();
    await database.kysely.deleteFrom("master_keys").execute();
  });
  after(() => opened.dispose());

  describe("a sealed secret", () => {
    test("opens to exactly what was sealed, also when empty, long or not ASCII", async () => {
      const vault = await start(keyA);
      for (const [index, text] of ["", canary, "ü€😀", "x".repeat(100_000)].entries()) {
        const place = { ...reference, recordId: `record-${index}` };
        await vault.seal(place, new Secret(text));
        assert.equal((await vault.open(place)).reveal(), text);
      }
    });

    test("is in no table in clear", async () => {
      const vault = await start(keyA);
      await vault.seal(reference, new Secret(canary));
      const text = await dump();
      for (const form of [
        canary,
        Buffer.from(canary).toString("base64"),
        Buffer.from(canary).toString("hex"),
      ]) {
        assert.ok(!text.includes(form));
      }
    });

    test("that was never sealed is an error, not an empty text", async () => {
      const vault = await start(keyA);
      await assert.rejects(vault.open(reference), hasCode("secret_unreadable"));
    });

    test("moved to another record does not open", async () => {
      const vault = await start(keyA);
      const other = { ...reference, recordId: "other" };
      await vault.seal(reference, new Secret(canary));
      await vault.seal(other, new Secret("other"));
      await database.kysely
        .updateTable("data_keys")
        .set({ record_id: "parked" })
        .where("record_id", "=", "other")
        .execute();
      await database.kysely
        .updateTable("data_keys")
        .set({ record_id: "other" })
        .where("record_id", "=", reference.recordId)
        .execute();
      await assert.rejects(vault.open(other), hasCode("secret_unreadable"));
    });

    test("moved to another field of the same record does not open", async () => {
      const vault = await start(keyA);
      const other = { ...reference, field: "sessionToken" };
      await vault.seal(reference, new Secret(canary));
      await vault.seal(other, new Secret("token"));
      const { sealed } = await sealedRow();
      await database.kysely
        .updateTable("sealed_secrets")
        .set({ sealed })
        .where("field", "=", "sessionToken")
        .execute();
      await assert.rejects(vault.open(other), hasCode("secret_unreadable"));
      assert.equal((await vault.open(reference)).reveal(), canary);
    });

    test("replayed from an older version does not open", async () => {
      const vault = await start(keyA);
      await vault.seal(reference, new Secret("old"));
      const { sealed } = await sealedRow();
      const newer = { ...reference, version: 2 };
      await vault.seal(newer, new Secret("new"));
      await assert.rejects(vault.open(reference), hasCode("secret_unreadable"));
      await overwrite(sealed);
      await assert.rejects(vault.open(newer), hasCode("secret_unreadable"));
    });

    test("cut off anywhere does not open, tags of 4, 8 and 12 bytes included", async () => {
      const vault = await start(keyA);
      await vault.seal(reference, new Secret(canary));
      const { sealed } = await sealedRow();
      for (const length of [
        0,
        1,
        12,
        13,
        28,
        29,
        sealed.length - 12,
        sealed.length - 8,
        sealed.length - 4,
        sealed.length - 1,
      ]) {
        await overwrite(sealed.subarray(0, length));
        await assert.rejects(vault.open(reference), hasCode("secret_unreadable"), `length ${length}`);
      }
    });

    test("with any one byte flipped does not open", async () => {
      const vault = await start(keyA);
      await vault.seal(reference, new Secret(canary));
      const { sealed } = await sealedRow();
      for (let position = 0; position < sealed.length; position++) {
        const flipped = Buffer.from(sealed);
        flipped[position] = (flipped[position] ?? 0) ^ 1;
        await overwrite(flipped);
        await assert.rejects(vault.open(reference), hasCode("secret_unreadable"), `byte ${position}`);
      }
      await overwrite(sealed);
      assert.equal((await vault.open(reference)).reveal(), canary);
    });

    test("that cannot be opened leaves a line in the log, without the secret", async () => {
      const vault = await start(keyA);
      await vault.seal(reference, new Secret(canary));
      await overwrite(Buffer.alloc(40, 1));
      await assert.rejects(vault.open(reference));
      assert.match(lines.join("\n"), /could not be opened/);
      assert.ok(!lines.join("\n").includes(canary));
    });

    test("is gone after its record is removed, and removal may be repeated", async () => {
      const vault = await start(keyA);
      await vault.seal(reference, new Secret(canary));
      await vault.remove(reference.kind, reference.recordId);
      await vault.remove(reference.kind, reference.recordId);
      await assert.rejects(vault.open(reference), hasCode("secret_unreadable"));
    });
  });

  describe("the master key", () => {
    test("that is wrong stops the start, names the key id and changes nothing", async () => {
      const vault = await start(keyA);
      await vault.seal(reference, new Secret(canary));
      const { writeKeyId } = await vault.status();
      const before = await dump();
      await assert.rejects(start(keyB), (error) => {
        assert.ok(hasCode("master_key_mismatch")(error));
        assert.match((error as AppError).message, new RegExp(writeKeyId));
        return true;
      });
      assert.equal(await dump(), before);
      assert.equal((await (await start(keyA)).open(reference)).reveal(), canary);
    });

    test("that is missing, short, constant or not base64 stops the start", async () => {
      for (const text of ["", "short", "A".repeat(43), Buffer.alloc(32).toString("base64"), "!".repeat(44)]) {
        await assert.rejects(start(new Secret(text)), hasCode("master_key_mismatch"));
      }
      await assert.rejects(start(), hasCode("master_key_mismatch"));
    });

    test("whose canary was tampered with stops the start", async () => {
      await start(keyA);
      await database.kysely
        .updateTable("master_keys")
        .set({ canary: Buffer.alloc(60, 1) })
        .execute();
      await assert.rejects(start(keyA), hasCode("master_key_mismatch"));
    });

    test("fingerprints stay the same over restarts and rotations, and differ between texts", async () => {
      const first = (await start(keyA)).fingerprint("AKIAIOSFODNN7EXAMPLE");
      const vault = await start(keyB, keyA);
      await vault.rotate();
      assert.equal((await start(keyB)).fingerprint("AKIAIOSFODNN7EXAMPLE"), first);
      assert.notEqual(vault.fingerprint("AKIAIOSFODNN7EXAMPLF"), first);
    });
  });

  test("what another process sealed as a token opens, also after a rotation to a new master key", async () => {
    const [one, other] = [await start(keyA), await start(keyA)];
    const token = one.sealToken(["session", "ASIA1"], new Secret(canary));
    assert.equal(other.openToken(["session", "ASIA1"], token)?.reveal(), canary);
    await (await start(keyB, keyA)).rotate();
    const later = await start(keyB);
    assert.equal(later.openToken(["session", "ASIA1"], token)?.reveal(), canary);
    assert.ok(!(await dump()).includes(token));
  });

  describe("rotation", () => {
    async function sealMany(vault: Vault, count: number) {
      for (let index = 0; index < count; index++) {
        await vault.seal({ ...reference, recordId: `record-${index}` }, new Secret(`${canary}-${index}`));
      }
    }
    async function assertAllOpen(vault: Vault, count: number) {
      for (let index = 0; index < count; index++) {
        const secret = await vault.open({ ...reference, recordId: `record-${index}` });
        assert.equal(secret.reveal(), `${canary}-${index}`);
      }
    }

    test("moves every record to the write key, after which the old key is removable and not needed", async () => {
      await sealMany(await start(keyA), 5);
      const vault = await start(keyB, keyA);
      const status = await vault.rotate();
      assert.equal(status.rotation.state, "idle");
      assert.equal(status.rotation.done, status.rotation.total);
      const old = status.masterKeys.find((key) => key.keyId !== status.writeKeyId);
      assert.deepEqual([old?.dataKeys, old?.removable], [0, true]);
      await assertAllOpen(await start(keyB), 5);
    });

    test("interrupted at any record leaves everything readable and goes on when run again", async () => {
      await sealMany(await start(keyA), 6);
      for (let stopAfter = 0; stopAfter < 6; stopAfter++) {
        const vault = await start(keyB, keyA);
        let left = stopAfter;
        const dying = await createVault({
          db: database,
          masterKeys: [keyB, keyA],
          clock: { ...systemClock, now: () => Date.now() - 120_000 },
          random: {
            ...systemRandom,
            bytes: (length) => {
              if (length === 32 && left-- <= 0) throw new Error("killed");
              return systemRandom.bytes(length);
            },
          },
          log,
        });
        await assert.rejects(dying.rotate(), /killed/);
        // A killed process would not have written that it failed.
        await database.kysely
          .updateTable("vault_rotations")
          .set({ state: "running" })
          .where("state", "=", "failed")
          .execute();
        await assertAllOpen(vault, 6);
        const status = await vault.rotate();
        assert.deepEqual([status.rotation.state, status.rotation.done], ["idle", 7]);
        await assertAllOpen(vault, 6);
        await database.kysely.deleteFrom("vault_rotations").execute();
      }
    });

    test("is refused while another one shows signs of life", async () => {
      const vault = await start(keyA);
      await sealMany(vault, 20);
      const outcomes = await Promise.allSettled([vault.rotate(), vault.rotate()]);
      const refused = outcomes.filter((outcome) => outcome.status === "rejected");
      assert.equal(refused.length, 1);
      assert.ok(hasCode("rotation_running")(refused[0]?.reason));
    });

    test("leaves a damaged record under its key, rotates the rest and says so", async () => {
      const vault = await start(keyA);
      await sealMany(vault, 3);
      await database.kysely
        .updateTable("data_keys")
        .set({ wrapped: Buffer.alloc(61, 1) })
        .where("record_id", "=", "record-1")
        .execute();
      const status = await vault.rotate();
      assert.equal(status.rotation.state, "failed");
      assert.match(status.rotation.message ?? "", /1 records/);
      assert.equal(status.rotation.done, 3);
    });
  });
});
