import { mkdir } from "node:fs/promises";
import { AppError } from "../base/index.ts";
import { type Database, lockDataDirectory, openDatabase } from "../db/index.ts";
import { openTelemetry, type Telemetry } from "../telemetry/index.ts";
import { createVault, discardMasterKeyFile, loadMasterKeys, type Vault } from "../vault/index.ts";
import type { Context } from "./context.ts";

export interface Stores {
  readonly database: Database;
  readonly telemetry: Telemetry;
}

export async function openStores({ role, settings, clock, log, releasers }: Context): Promise<Stores> {
  const { dataDir: directory, databaseUrl, clickhouseUrl } = settings;
  const embedded = databaseUrl === undefined || clickhouseUrl === undefined;
  if (role === "worker" && embedded) {
    throw new AppError("configuration_invalid", {
      message:
        "A worker shares its stores with other processes: set NEPHO_DATABASE_URL and NEPHO_CLICKHOUSE_URL. The embedded stores belong to the one process that serves.",
    });
  }
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if (embedded) {
    const lock = await lockDataDirectory(directory);
    releasers.add("data directory", () => lock.release());
  }
  const database = await openDatabase({ url: databaseUrl, directory, log, clock });
  releasers.add("database", () => database.close());
  const telemetry = await openTelemetry({ url: clickhouseUrl, directory, log, clock });
  releasers.add("telemetry", () => telemetry.close());
  return { database, telemetry };
}

/** Only who serves may make the key: a worker's folder may go away, and with it the one key to the vault. */
export async function openVault(
  { role, settings, clock, random, log }: Context,
  db: Database,
): Promise<Vault> {
  const masterKeys = await loadMasterKeys({
    given: settings.masterKey,
    directory: settings.dataDir,
    random,
    mayCreate: role === "serve",
  });
  try {
    const vault = await createVault({ db, masterKeys: masterKeys.keys, clock, random, log });
    if (masterKeys.created)
      log.warn("A master key was made. Keep a copy of it apart from the data.", { path: masterKeys.created });
    return vault;
  } catch (error) {
    await discardMasterKeyFile(masterKeys);
    throw error;
  }
}
