import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { Kysely } from "kysely";
import type { Clock, Log } from "../base/index.ts";
import type { Database, JobsConnection } from "./database.ts";
import { mapDatabaseError } from "./database-errors.ts";
import { createEmbeddedDialect } from "./embedded-dialect.ts";
import { createEmbeddedEngine, type EmbeddedEngine } from "./embedded-engine.ts";
import { SyncedFileSystem } from "./synced-file-system.ts";
import type { Tables } from "./tables/index.ts";
import { columnParsers } from "./values.ts";

/** Opens PostgreSQL inside this process, in `<directory>/control`, or in memory without a directory. */
export async function openEmbeddedDatabase(options: {
  directory: string | undefined;
  log: Log;
  clock: Clock;
}): Promise<Database> {
  const { directory, log, clock } = options;
  const engine = await createEmbeddedEngine({ open: () => startEngine(directory), log, clock });
  const kysely = new Kysely<Tables>({ dialect: createEmbeddedDialect(engine) });
  let closing: Promise<void> | undefined;
  return {
    kind: "embedded",
    kysely,
    jobs: createJobsConnection(engine),
    ping: async () => {
      await exclusively(engine, (pglite) => pglite.query("select 1"));
    },
    close: () => {
      closing ??= engine.close();
      return closing;
    },
  };
}

async function startEngine(directory: string | undefined): Promise<PGlite> {
  const parsers = { ...columnParsers };
  try {
    if (directory === undefined) return await PGlite.create({ parsers });
    const path = join(directory, "control");
    // The engine's files are as open as the umask lets them be, so the folder is what keeps others out.
    await mkdir(path, { recursive: true, mode: 0o700 });
    const fs = new SyncedFileSystem(path);
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

function createJobsConnection(engine: EmbeddedEngine): JobsConnection {
  return {
    executeSql: (text, values = []) =>
      exclusively(engine, async (pglite) => {
        if (values.length) return { rows: (await pglite.query(text, values)).rows };
        // The text may hold BEGIN … RETURNING … COMMIT: the rows in the middle are the answer.
        return { rows: (await pglite.exec(text)).flatMap((result) => result.rows) };
      }),
  };
}

async function exclusively<T>(engine: EmbeddedEngine, work: (pglite: PGlite) => Promise<T>): Promise<T> {
  const session = await engine.acquire();
  try {
    return await session.run(work);
  } finally {
    await session.release();
  }
}
