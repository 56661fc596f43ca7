import { Secret } from "../base/index.ts";
import type { Database, DatabaseOptions } from "./database.ts";
import { openEmbeddedDatabase } from "./embedded-database.ts";
import { runMigrations } from "./migrations.ts";
import { openServerDatabase } from "./server-database.ts";

/**
 * Opens the control plane and brings its schema up to date. Throws `store_unavailable`, `schema_newer`
 * or `schema_changed`.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const database = await openDatabaseUnmigrated(options);
  try {
    await runMigrations(database.kysely, { log: options.log, clock: options.clock });
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** For the tests of the migration runner. */
export function openDatabaseUnmigrated(options: DatabaseOptions): Promise<Database> {
  const { url, directory, log, clock } = options;
  if (url === undefined) return openEmbeddedDatabase({ directory, log, clock });
  const connectionString = url instanceof Secret ? url.reveal() : url;
  return openServerDatabase({ connectionString, log, connectionsMax: options.connectionsMax ?? 10 });
}
