import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { sql } from "kysely";
import {
  createScratchDatabase,
  forEachDatabase,
  type OpenedDatabase,
  skipWithoutServer,
} from "../../test/support/databases.ts";
import { quietLog } from "../../test/support/quiet-log.ts";
import { systemClock } from "../base/index.ts";
import { dumpSchema } from "./index.ts";
import { type Migration, readMigrations, runMigrations } from "./migrations.ts";
import { openDatabaseUnmigrated } from "./open-database.ts";

const options = { log: quietLog, clock: systemClock };

const migration = (number: number, text: string): Migration => ({
  number,
  name: `${number}_test`,
  checksum: `checksum of ${text}`,
  text,
});

forEachDatabase((open) => {
  let opened: OpenedDatabase;
  let known: Migration[];
  before(async () => {
    opened = await open();
    known = await readMigrations();
  });
  after(() => opened.dispose());
  const migrate = (migrations: readonly Migration[]) =>
    runMigrations(opened.database.kysely, { ...options, migrations });
  const tables = async () => {
    const { rows } = await sql<{ name: string }>`select tablename as name from pg_tables
      where schemaname = 'public' and tablename like 'migrated_%' order by 1`.execute(opened.database.kysely);
    return rows.map(({ name }) => name);
  };

  test("the committed dump is the schema of a fresh database", async () => {
    const committed = await readFile(new URL("./schema.sql", import.meta.url), "utf8");
    assert.equal(await dumpSchema(opened.database.kysely), committed, "Run `npm run generate`.");
  });

  test("migrations run once, several statements each, in order", async () => {
    const first = migration(9001, "create table migrated_a (x int); insert into migrated_a values (1);");
    const second = migration(9002, "-- after the first\ninsert into migrated_a select x + 1 from migrated_a");
    await migrate([...known, first]);
    await migrate([...known, first, second]);
    await migrate([...known, first, second]);
    const { rows } = await sql`select sum(x)::int as total from migrated_a`.execute(opened.database.kysely);
    assert.deepEqual(rows, [{ total: 3 }]);
    known = [...known, first, second];
  });

  test("a migration that fails leaves nothing, and runs again when it is repaired", async () => {
    const broken = migration(9003, "create table migrated_b (x int); select 1/0;");
    await assert.rejects(migrate([...known, broken]), /division by zero/);
    assert.deepEqual(await tables(), ["migrated_a"]);
    const repaired = migration(9003, "create table migrated_b (x int)");
    await migrate([...known, repaired]);
    assert.deepEqual(await tables(), ["migrated_a", "migrated_b"]);
    known = [...known, repaired];
  });

  test("a database of a newer version is refused by name", async () => {
    await assert.rejects(migrate(known.slice(0, -1)), { code: "schema_newer", message: /9003_test/ });
  });

  test("an applied migration whose text has changed is refused by name", async () => {
    const edited = known.map((one) => (one.number === 9001 ? { ...one, checksum: "another" } : one));
    await assert.rejects(migrate(edited), { code: "schema_changed", message: /9001_test/ });
  });
});

describe("on a server", { skip: skipWithoutServer }, () => {
  test("of many starters at the same time one migrates, and all come up", async () => {
    const scratch = await createScratchDatabase();
    const starters = await Promise.all(
      Array.from({ length: 5 }, () => openDatabaseUnmigrated({ ...options, url: scratch.url })),
    );
    const migrations = [migration(1, "create table once (x int); insert into once values (1)")];
    try {
      await Promise.all(starters.map(({ kysely }) => runMigrations(kysely, { ...options, migrations })));
      const { rows } = await sql`select count(*) as rows from once`.execute(starters[0]!.kysely);
      assert.deepEqual(rows, [{ rows: 1 }]);
    } finally {
      await Promise.all(starters.map((starter) => starter.close()));
      await scratch.drop();
    }
  });
});
