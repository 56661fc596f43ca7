import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import {
  type ChdbConnection,
  type ConnBaseQueryParams,
  type Connection,
  createChdbConnection,
} from "chdb/connection";
import { parameterStatements } from "../parameters.ts";
import { createSlots, type Slots } from "../slots.ts";
import type { RowInserts } from "../store.ts";

/**
 * Rows are handed to the engine beside the statement, without a copy. As a part of the statement's text they were, once in many
 * thousands of inserts, not found by the engine, which then waited for them on standard input.
 */
export interface EmbeddedConnection extends Connection<Readable> {
  readonly rows: RowInserts;
}

/**
 * The official client's connection on chDB. A chDB session runs one statement at a time, so there are
 * several: some for reading and some for writing, so that slow reads never stand in the way of a write.
 * Each statement under way takes a thread of libuv's pool, which has four unless UV_THREADPOOL_SIZE says more.
 * A statement that has started cannot be stopped; `max_execution_time` bounds it.
 */
export function createEmbeddedConnection(options: {
  /** Absolute path of the data; without it, a temporary folder that goes when the connection closes. */
  path: string | undefined;
  database: string;
  readers: number;
  writers: number;
  /** For `insertUrgent`, so that a slow write of the others never stands in its way. */
  urgentWriters: number;
}): EmbeddedConnection {
  const sessions: ChdbConnection[] = [];
  const open = () => {
    const session = openSession(options.path);
    sessions.push(session);
    return session;
  };
  const readers = createSlots(Array.from({ length: options.readers }, open), { waitersMax: 200 });
  const writers = createSlots(Array.from({ length: options.writers }, open), { waitersMax: 2_000 });
  const urgentWriters = createSlots(Array.from({ length: options.urgentWriters }, open), {
    waitersMax: 2_000,
  });
  const prepared = new WeakSet<ChdbConnection>();

  /** `USE` lasts as long as the session does. */
  const prepare = async (session: ChdbConnection) => {
    if (prepared.has(session)) return session;
    await session.command({ query: `CREATE DATABASE IF NOT EXISTS \`${options.database}\`` });
    await session.command({ query: `USE \`${options.database}\`` });
    prepared.add(session);
    return session;
  };

  const insertThrough =
    (slots: Slots<ChdbConnection>): RowInserts["insert"] =>
    (table, format, values) => {
      if (values.length === 0) return Promise.resolve();
      return slots.use(async (session) => {
        const { chdb } = await prepare(session);
        await chdb.rawInsert({ table, values, format, settings: smallInsert });
      });
    };

  return {
    query: (params) => readers.use(async (session) => (await prepare(session)).query(bindParameters(params))),
    command: (params) =>
      writers.use(async (session) => (await prepare(session)).command(bindParameters(params))),
    exec: (params) => writers.use(async (session) => (await prepare(session)).exec(bindParameters(params))),
    insert: (params) =>
      writers.use(async (session) => (await prepare(session)).insert(bindParameters(params))),
    rows: { insert: insertThrough(writers), insertUrgent: insertThrough(urgentWriters) },
    ping: (params) => readers.use((session) => session.ping(params)),
    close: async () => {
      await Promise.all([readers.close(), writers.close(), urgentWriters.close()]);
      await Promise.all(sessions.map((session) => session.close()));
    },
  };
}

/**
 * Starting threads for rows that one parses in milliseconds took half of the time of a small insert, and making and syncing the
 * files of indexes an eighth of the rest; merges make them.
 */
const smallInsert = {
  max_threads: 1,
  max_insert_threads: 1,
  input_format_parallel_parsing: 0,
  materialize_skip_indexes_on_insert: 0,
};

/**
 * The signal is left out: chdb would only stop waiting for the statement, which then would run on in a
 * session that looks free. Settings that only HTTP knows are dropped by chdb itself.
 */
function bindParameters<T extends ConnBaseQueryParams>(params: T): T {
  const { abort_signal: _signal, query_params, ...rest } = params;
  return { ...rest, query: parameterStatements(query_params) + params.query } as T;
}

const settingsFolder = fileURLToPath(new URL(".", import.meta.url));

/**
 * The engine reads `config.xml` of the working directory when it starts and takes settings no other way.
 * So it starts in the folder of ours; a file of that name where the server was started has no effect.
 */
function openSession(path: string | undefined): ChdbConnection {
  const workingDirectory = process.cwd();
  process.chdir(settingsFolder);
  try {
    return createChdbConnection(path === undefined ? {} : { path });
  } finally {
    process.chdir(workingDirectory);
  }
}
