import type { PGlite } from "@electric-sql/pglite";
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from "kysely";
import type { EmbeddedEngine, EngineSession } from "./embedded-engine.ts";

/**
 * Kysely on PGlite. The engine is one connection, so whoever acquires it keeps it until released:
 * a transaction and the statements of the job queue never interleave.
 */
export function createEmbeddedDialect(engine: EmbeddedEngine): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => createDriver(engine),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

function createDriver(engine: EmbeddedEngine): Driver {
  const sessions = new WeakMap<DatabaseConnection, EngineSession>();
  const run = (connection: DatabaseConnection, text: string) =>
    connection.executeQuery(CompiledQuery.raw(text));
  return {
    init: async () => {},
    acquireConnection: async () => {
      const session = await engine.acquire();
      const connection = createConnection(session);
      sessions.set(connection, session);
      return connection;
    },
    beginTransaction: async (connection, settings) => {
      await run(connection, beginStatement(settings));
    },
    commitTransaction: async (connection) => {
      // After a failed statement PostgreSQL answers COMMIT with a rollback, and without an error.
      const { command } = (await run(connection, "commit")) as QueryResult<unknown> & { command?: string };
      if (command === "ROLLBACK") throw new Error("The transaction was rolled back: a statement had failed.");
    },
    rollbackTransaction: async (connection) => {
      await run(connection, "rollback");
    },
    savepoint: async (connection, name) => {
      await run(connection, `savepoint ${quoteName(name)}`);
    },
    rollbackToSavepoint: async (connection, name) => {
      await run(connection, `rollback to savepoint ${quoteName(name)}`);
    },
    releaseSavepoint: async (connection, name) => {
      await run(connection, `release savepoint ${quoteName(name)}`);
    },
    releaseConnection: async (connection) => {
      await sessions.get(connection)?.release();
    },
    // The owner of the engine closes it, after the last statement.
    destroy: async () => {},
  };
}

function createConnection(session: EngineSession): DatabaseConnection {
  return {
    executeQuery: async <R>(query: CompiledQuery): Promise<QueryResult<R>> => {
      const result = await session.run((pglite) => runStatement(pglite, query.sql, query.parameters));
      return result as QueryResult<R>;
    },
    // biome-ignore lint/correctness/useYield: the interface wants a generator; this engine answers whole results only.
    streamQuery: async function* () {
      throw new Error("The embedded database does not stream results.");
    },
  };
}

interface StatementResult {
  readonly rows: unknown[];
  /** The tag that PostgreSQL answers with, such as `UPDATE` or `ROLLBACK`. */
  readonly command: string | undefined;
  readonly numAffectedRows?: bigint;
}

const changesRows = new Set(["INSERT", "UPDATE", "DELETE", "MERGE"]);

/** Runs one statement, or several when there are no parameters, as node-postgres does; the last result counts. */
async function runStatement(
  pglite: PGlite,
  text: string,
  parameters: readonly unknown[],
): Promise<StatementResult> {
  const result = parameters.length
    ? await pglite.query(text, [...parameters])
    : (await pglite.exec(text)).at(-1);
  const command = (result as { command?: string } | undefined)?.command;
  return {
    rows: result?.rows ?? [],
    command,
    ...(changesRows.has(command ?? "") ? { numAffectedRows: BigInt(result?.affectedRows ?? 0) } : {}),
  };
}

function beginStatement({ isolationLevel, accessMode }: TransactionSettings): string {
  return ["begin", isolationLevel && `isolation level ${isolationLevel}`, accessMode]
    .filter(Boolean)
    .join(" ");
}

function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
