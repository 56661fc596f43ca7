import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from "kysely";
import pg from "pg";
import type { Log } from "../base/index.ts";
import type { Database, JobsConnection } from "./database.ts";
import { mapDatabaseError } from "./database-errors.ts";
import type { Tables } from "./tables/index.ts";
import { columnParsers } from "./values.ts";

const connectTimeoutMs = 10_000;
const statementTimeoutMs = 60_000;

/** Opens a bounded pool of connections to a PostgreSQL server and checks that it answers. */
export async function openServerDatabase(options: {
  connectionString: string;
  log: Log;
  connectionsMax: number;
}): Promise<Database> {
  const pool = createPool(options);
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: wrapPool(pool) }) });
  let closing: Promise<void> | undefined;
  const database: Database = {
    kind: "server",
    kysely,
    jobs: createJobsConnection(pool),
    ping: async () => {
      await mapped(pool.query("select 1"));
    },
    close: () => {
      closing ??= pool.end();
      return closing;
    },
  };
  try {
    await database.ping();
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

function createPool(options: { connectionString: string; log: Log; connectionsMax: number }): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.connectionsMax,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementTimeoutMs,
    // Where the server itself no longer answers, its statement timeout cannot help.
    query_timeout: statementTimeoutMs + 10_000,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: "nephoscope",
    options: "-c TimeZone=UTC",
    types: { getTypeParser },
  });
  // An idle connection that breaks is replaced at the next use; without a listener it would end the process.
  pool.on("error", (error) => options.log.warn("A connection to the database was lost.", { error }));
  return pool;
}

const getTypeParser: typeof pg.types.getTypeParser = ((typeId: number, format?: "text" | "binary") =>
  (format ?? "text") === "text" && columnParsers[typeId]
    ? columnParsers[typeId]
    : pg.types.getTypeParser(typeId, format)) as typeof pg.types.getTypeParser;

/** Puts the error mapping below Kysely, so that no caller ever sees a driver's connection error. */
function wrapPool(pool: pg.Pool): PostgresPool {
  return {
    options: pool.options,
    connect: async () => {
      const client = await mapped(pool.connect());
      return wrapClient(client);
    },
    end: () => pool.end(),
  };
}

const wrapped = new WeakMap<pg.PoolClient, PostgresPoolClient>();

function wrapClient(client: pg.PoolClient): PostgresPoolClient {
  const known = wrapped.get(client);
  if (known) return known;
  // A client in use reports the loss of its connection as an event as well as through the query.
  client.on("error", () => {});
  const query = (text: string, parameters: readonly unknown[]) =>
    mapped(client.query(text, [...parameters]).then(lastResult));
  const wrapper = {
    query,
    release: (destroy?: boolean) => client.release(destroy),
  } as unknown as PostgresPoolClient;
  wrapped.set(client, wrapper);
  return wrapper;
}

/** node-postgres answers a text of several statements with a list of results. */
function lastResult<R>(result: R | R[]): R {
  return Array.isArray(result) ? (result.at(-1) as R) : result;
}

function createJobsConnection(pool: pg.Pool): JobsConnection {
  return {
    executeSql: async (text, values = []) => {
      const result: pg.QueryResult | pg.QueryResult[] = await mapped(pool.query(text, values));
      return { rows: Array.isArray(result) ? result.flatMap(({ rows }) => rows) : result.rows };
    },
  };
}

async function mapped<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw mapDatabaseError(error);
  }
}
