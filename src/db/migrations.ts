import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { type ControlledTransaction, type Kysely, sql } from "kysely";
import { AppError, type Clock, type Log } from "../base/index.ts";
import { lockKeys } from "./lock-keys.ts";

export interface Migration {
  /** The number in front of the file name; migrations run in this order. */
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
  readonly text: string;
}

interface Applied {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
}

const folder = new URL("./migrations/", import.meta.url);

/**
 * Brings the schema up to date: forward only, one transaction each, claimed before it runs, one
 * starter at a time. Safe to repeat and to interrupt. Throws `schema_newer` for a database that a newer
 * version has written, `schema_changed` when an applied file is not the one we have.
 */
export async function runMigrations(
  // biome-ignore lint/suspicious/noExplicitAny: the runner does not care which tables there are.
  kysely: Kysely<any>,
  options: { log: Log; clock: Clock; migrations?: readonly Migration[] },
): Promise<void> {
  const migrations = options.migrations ?? (await readMigrations());
  await kysely.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(${lockKeys.migrations}::bigint)`.execute(connection);
    try {
      await createMigrationsTable(connection);
      const applied = await readApplied(connection);
      checkApplied(applied, migrations);
      for (const migration of migrations.slice(applied.length)) {
        const started = options.clock.monotonic();
        await applyMigration(connection, migration);
        options.log.info("Applied a database migration.", {
          migration: migration.name,
          tookMs: Math.round(options.clock.monotonic() - started),
        });
      }
    } finally {
      await sql`select pg_advisory_unlock(${lockKeys.migrations}::bigint)`.execute(connection);
    }
  });
}

/** The migration files, in order. Throws when a name is malformed or a number is used twice. */
export async function readMigrations(from: URL = folder): Promise<Migration[]> {
  const names = (await readdir(from)).filter((name) => name.endsWith(".sql")).sort();
  const migrations = await Promise.all(names.map((name) => readMigration(from, name)));
  for (const [index, { number, name }] of migrations.entries()) {
    if (migrations[index - 1]?.number === number)
      throw new Error(`Two migrations have the number of ${name}.`);
  }
  return migrations;
}

async function readMigration(from: URL, fileName: string): Promise<Migration> {
  if (!/^\d{4}_[a-z0-9_]+\.sql$/.test(fileName)) {
    throw new Error(`A migration is named like 0001_what.sql, unlike ${fileName}.`);
  }
  const text = await readFile(new URL(fileName, from), "utf8");
  const name = fileName.slice(0, -".sql".length);
  return { number: Number(name.slice(0, 4)), name, checksum: checksumOf(text), text };
}

function checksumOf(text: string): string {
  return createHash("sha256").update(text.replaceAll("\r\n", "\n")).digest("hex");
}

async function createMigrationsTable(connection: Kysely<unknown>): Promise<void> {
  await sql`create table if not exists schema_migrations (
    number integer primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now()
  )`.execute(connection);
}

async function readApplied(connection: Kysely<unknown>): Promise<Applied[]> {
  const { rows } =
    await sql<Applied>`select number, name, checksum from schema_migrations order by number`.execute(
      connection,
    );
  return rows;
}

function checkApplied(applied: readonly Applied[], migrations: readonly Migration[]): void {
  const newest = migrations.at(-1);
  for (const [index, row] of applied.entries()) {
    if (row.number > (newest?.number ?? 0)) {
      throw new AppError("schema_newer", {
        message: `The database was written by a newer version: it has migration ${row.name}, this version ends with ${newest?.name ?? "none"}. Start the newer version, or restore a backup.`,
      });
    }
    const migration = migrations[index];
    if (row.number !== migration?.number || row.checksum !== migration.checksum) {
      throw new AppError("schema_changed", {
        message: `Migration ${row.name} of the database is not the one that this version has (${migration?.name}). Start the version that created the database.`,
        detail: { applied: row.checksum, known: migration?.checksum },
      });
    }
  }
}

async function applyMigration(connection: Kysely<unknown>, migration: Migration): Promise<void> {
  const transaction = await connection.startTransaction().execute();
  try {
    await claimAndRun(transaction, migration);
    await transaction.commit().execute();
  } catch (error) {
    await transaction.rollback().execute();
    throw error;
  }
}

async function claimAndRun(transaction: ControlledTransaction<unknown>, migration: Migration): Promise<void> {
  const { number, name, checksum } = migration;
  await sql`insert into schema_migrations (number, name, checksum) values (${number}, ${name}, ${checksum})`.execute(
    transaction,
  );
  await sql.raw(migration.text).execute(transaction);
}
