import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { AppError, type Log } from "../base/index.ts";
import type { Store } from "./store.ts";

export interface TelemetryMigration {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
  readonly statements: readonly string[];
}

interface Applied {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
}

const folder = new URL("./migrations/", import.meta.url);

/**
 * Brings the tables up to date, forward only. ClickHouse has no transaction around DDL, so each
 * statement of a migration may run twice; a migration counts once its last statement is through. Hence
 * an interrupted start, and two servers that start together, do no harm.
 */
export async function runTelemetryMigrations(
  store: Store,
  options: { log: Log; migrations?: readonly TelemetryMigration[] },
): Promise<void> {
  const migrations = options.migrations ?? (await readTelemetryMigrations());
  await store.command(migrationsTable);
  const applied = await store.select<Applied>(
    "SELECT DISTINCT number, name, checksum FROM schema_migrations ORDER BY number",
  );
  checkApplied(applied, migrations);
  for (const migration of migrations.slice(applied.length)) {
    for (const statement of migration.statements) await store.command(statement);
    const { number, name, checksum } = migration;
    await store.insert("schema_migrations", [{ number, name, checksum }]);
    options.log.info("Applied a telemetry migration.", { migration: name });
  }
}

const migrationsTable = `CREATE TABLE IF NOT EXISTS schema_migrations (
  number UInt32,
  name String,
  checksum String,
  applied_at DateTime('UTC') DEFAULT now()
) ENGINE = MergeTree ORDER BY number SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`;

export async function readTelemetryMigrations(from: URL = folder): Promise<TelemetryMigration[]> {
  const names = (await readdir(from)).filter((name) => name.endsWith(".sql")).sort();
  return Promise.all(
    names.map(async (fileName) => {
      if (!/^\d{4}_[a-z0-9_]+\.sql$/.test(fileName)) {
        throw new Error(`A migration is named like 0001_what.sql, unlike ${fileName}.`);
      }
      const text = (await readFile(new URL(fileName, from), "utf8")).replaceAll("\r\n", "\n");
      return {
        number: Number(fileName.slice(0, 4)),
        name: fileName.slice(0, -".sql".length),
        checksum: createHash("sha256").update(text).digest("hex"),
        statements: splitStatements(text),
      };
    }),
  );
}

/** A statement ends with a semicolon at the end of a line; ClickHouse's HTTP interface takes one at a time. */
function splitStatements(text: string): string[] {
  return text
    .split("\n")
    .filter((line) => !line.trimStart().startsWith("--"))
    .join("\n")
    .split(/;\s*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter(Boolean);
}

function checkApplied(applied: readonly Applied[], migrations: readonly TelemetryMigration[]): void {
  const newest = migrations.at(-1);
  for (const [index, row] of applied.entries()) {
    if (row.number > (newest?.number ?? 0)) {
      throw new AppError("schema_newer", {
        message: `The telemetry store was written by a newer version: it has migration ${row.name}, this version ends with ${newest?.name ?? "none"}. Start the newer version, or restore a backup.`,
      });
    }
    const migration = migrations[index];
    if (row.number !== migration?.number || row.checksum !== migration.checksum) {
      throw new AppError("schema_changed", {
        message: `Migration ${row.name} of the telemetry store is not the one that this version has (${migration?.name}). Start the version that created the store.`,
      });
    }
  }
}
