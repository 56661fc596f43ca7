import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { Kysely } from "kysely";
import type { Log } from "../base/index.ts";
import { type ConnectionLock, createConnectionLock } from "./connection-lock.ts";
import type { Database, JobsConnection } from "./database.ts";
import { mapDatabaseError } from "./database-errors.ts";
import { createEmbeddedDialect, leaveTransaction, runStatement } from "./embedded-dialect.ts";
import { SyncedFileSystem } from "./synced-file-system.ts";
import type { Tables } from "./tables/index.ts";
import { columnParsers } from "./values.ts";

/** Opens PostgreSQL inside this process, in `<directory>/control`, or in memory without a directory. */
export async function openEmbeddedDatabase(options: {
  directory: string | undefined;
  log: Log;
}): Promise<Database> {
  const pglite = await startEngine(options.directory);
  const lock = createConnectionLock({ waitLimitMs: 30_000, waitersMax: 10_000 });
  const kysely = new Kysely<Tables>({ dialect: createEmbeddedDialect(pglite, lock) });
  let closing: Promise<void> | undefined;
  return {
    kind: "embedded",
    kysely,
    jobs: createJobsConnection(pglite, lock),
    ping: () => exclusively(lock, async () => void (await runStatement(pglite, "select 1", []))),
    close: () => {
      closing ??= closeEngine(pglite, lock, kysely, options.log);
      return closing;
    },
  };
}

async function startEngine(directory: string | undefined): Promise<PGlite> {
  const parsers = { ...columnParsers };
  try {
    if (directory === undefined) return await PGlite.create({ parsers });
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const fs = new SyncedFileSystem(join(directory, "control"));
    return await PGlite.create({ fs, startParams: durableStartParameters(), parsers });
  } catch (error) {
    throw mapDatabaseError(error);
  }
}

/**
 * PGlite starts with fsync off (`-F`). `wal_sync_method` must be `fsync`: the default fdatasync does
 * nothing there. Full page writes stay on, because a torn page is possible again once power can fail.
 */
function durableStartParameters(): string[] {
  const settings = {
    fsync: "on",
    wal_sync_method: "fsync",
    full_page_writes: "on",
    synchronous_commit: "on",
    shared_buffers: "32MB",
  };
  return [
    ...PGlite.defaultStartParams.filter((parameter) => parameter !== "-F"),
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];
}

function createJobsConnection(pglite: PGlite, lock: ConnectionLock): JobsConnection {
  return {
    executeSql: (text, values = []) =>
      exclusively(lock, async () => {
        try {
          if (values.length) return { rows: (await pglite.query(text, values)).rows };
          // The text may hold BEGIN … RETURNING … COMMIT: the rows in the middle are the answer.
          return { rows: (await pglite.exec(text)).flatMap((result) => result.rows) };
        } catch (error) {
          await leaveTransaction(pglite);
          throw mapDatabaseError(error);
        }
      }),
  };
}

async function exclusively<T>(lock: ConnectionLock, work: () => Promise<T>): Promise<T> {
  const release = await lock.acquire();
  try {
    return await work();
  } finally {
    release();
  }
}

async function closeEngine(pglite: PGlite, lock: ConnectionLock, kysely: Kysely<Tables>, log: Log) {
  // The lock is not given back: nothing may start once the engine is closing.
  await lock.acquire();
  await kysely.destroy();
  try {
    await pglite.close();
  } catch (error) {
    // Every commit is on disk already; the next start replays the log.
    log.warn("The embedded database did not close cleanly.", { error });
  }
}
