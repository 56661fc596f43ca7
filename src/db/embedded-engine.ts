import type { PGlite } from "@electric-sql/pglite";
import { AppError, type Clock, type Log } from "../base/index.ts";
import { type ConnectionLock, createConnectionLock } from "./connection-lock.ts";
import { mapDatabaseError } from "./database-errors.ts";

/** The embedded PostgreSQL with its one connection, which is taken and given back. */
export interface EmbeddedEngine {
  acquire(): Promise<EngineSession>;
  /** Waits for the session under way. */
  close(): Promise<void>;
}

export interface EngineSession {
  run<T>(work: (pglite: PGlite) => Promise<T>): Promise<T>;
  /** Leaves a transaction that was not ended, as a pool would throw such a connection away. Never throws. */
  release(): Promise<void>;
}

const reopenAfterMs = 2_000;

/**
 * A failed fsync or a full disk under the write-ahead log makes PostgreSQL panic, and what is left of the
 * engine in this process would hang for ever at the next statement. So a panic retires the engine, and
 * the next use opens it again from what is on disk, as a restarted server would.
 */
export async function createEmbeddedEngine(options: {
  open: () => Promise<PGlite>;
  log: Log;
  clock: Clock;
}): Promise<EmbeddedEngine> {
  const { log, clock } = options;
  const lock: ConnectionLock = createConnectionLock({ clock, waitLimitMs: 30_000, waitersMax: 10_000 });
  let current: PGlite | undefined = await options.open();
  let mayReopenAt = 0;

  const reopen = async (): Promise<PGlite> => {
    if (clock.monotonic() < mayReopenAt) throw unavailable();
    mayReopenAt = clock.monotonic() + reopenAfterMs;
    const pglite = await options.open();
    log.info("The embedded database is open again.");
    return pglite;
  };
  const retire = (error: unknown) => {
    current = undefined;
    log.error("The embedded database stopped; it will be opened again.", { error });
  };

  const openSession = (pglite: PGlite, giveBack: () => void): EngineSession => {
    const session: EngineSession = {
      run: async (work) => {
        if (current !== pglite) throw unavailable();
        try {
          return await work(pglite);
        } catch (error) {
          if (isPanic(error)) retire(error);
          throw mapDatabaseError(error);
        }
      },
      release: async () => {
        try {
          await session.run(async () => {
            if (pglite.isInTransaction()) await pglite.exec("rollback");
          });
        } catch (error) {
          if (current === pglite) log.warn("A transaction could not be rolled back.", { error });
        } finally {
          giveBack();
        }
      },
    };
    return session;
  };

  return {
    acquire: async () => {
      const giveBack = await lock.acquire();
      try {
        current ??= await reopen();
        return openSession(current, giveBack);
      } catch (error) {
        giveBack();
        throw isPanic(error) ? unavailable(error) : mapDatabaseError(error);
      }
    },
    close: async () => {
      // The lock is not given back: nothing may start once the engine is closing.
      await lock.acquire();
      const pglite = current;
      current = undefined;
      mayReopenAt = Number.POSITIVE_INFINITY;
      try {
        await pglite?.close();
      } catch (error) {
        // Every commit is on disk already; the next start replays the log.
        log.warn("The embedded database did not close cleanly.", { error });
      }
    },
  };
}

/** The end of the engine, as opposed to the failure of a statement. */
function isPanic(error: unknown): boolean {
  const { severity } = error as { severity?: unknown };
  if (severity === "PANIC" || severity === "FATAL") return true;
  const { name } = error as { name?: unknown };
  return name === "RuntimeError" || name === "ExitStatus";
}

function unavailable(cause?: unknown): AppError {
  return new AppError("store_unavailable", { cause, detail: { store: "control plane" } });
}
