import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "node:test";
import pg from "pg";
import { systemClock } from "../../src/base/index.ts";
import { type Database, openDatabase } from "../../src/db/index.ts";
import { quietLog } from "./quiet-log.ts";

export const testDatabaseUrl = process.env.NEPHO_TEST_DATABASE_URL;

/** For `test`'s `skip` option: the reason when no PostgreSQL server can be used, else false. */
export const skipWithoutServer: string | false = testDatabaseUrl
  ? false
  : "no PostgreSQL server: set NEPHO_TEST_DATABASE_URL";

export interface OpenedDatabase {
  readonly database: Database;
  /** Closes the database and removes what held it. */
  dispose(): Promise<void>;
}

/** Runs the suite on the embedded engine always, and on a PostgreSQL server when one is reachable. */
export function forEachDatabase(
  suite: (open: () => Promise<OpenedDatabase>, kind: Database["kind"]) => void,
): void {
  describe("embedded", () => suite(openEmbedded, "embedded"));
  describe("server", { skip: skipWithoutServer }, () => suite(openServer, "server"));
}

async function openEmbedded(): Promise<OpenedDatabase> {
  const directory = await mkdtemp(join(tmpdir(), "nepho-db-"));
  const database = await openDatabase({ directory, log: quietLog, clock: systemClock });
  return {
    database,
    dispose: async () => {
      await database.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function openServer(): Promise<OpenedDatabase> {
  const scratch = await createScratchDatabase();
  const database = await openDatabase({ url: scratch.url, log: quietLog, clock: systemClock });
  return {
    database,
    dispose: async () => {
      await database.close();
      await scratch.drop();
    },
  };
}

/** A database of its own on the test server, so that suites in other processes cannot meet. */
export async function createScratchDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  if (!testDatabaseUrl) throw new Error("NEPHO_TEST_DATABASE_URL is not set.");
  const name = `nepho_test_${randomBytes(8).toString("hex")}`;
  await runOnServer(`create database ${name}`);
  const url = new URL(testDatabaseUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => runOnServer(`drop database if exists ${name} with (force)`) };
}

async function runOnServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: testDatabaseUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
