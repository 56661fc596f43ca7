import { AppError, type AppErrorOptions } from "../base/index.ts";

type StoreErrorCode = "query_timed_out" | "query_too_large" | "storage_full" | "store_unavailable";

/** ClickHouse's numeric codes, by what a caller can do about them. */
const meanings: Readonly<Record<string, StoreErrorCode>> = {
  "159": "query_timed_out", // TIMEOUT_EXCEEDED
  "160": "query_timed_out", // TOO_SLOW
  "158": "query_too_large", // TOO_MANY_ROWS
  "307": "query_too_large", // TOO_MANY_BYTES
  "396": "query_too_large", // TOO_MANY_ROWS_OR_BYTES
  "241": "query_too_large", // MEMORY_LIMIT_EXCEEDED
  "243": "storage_full", // NOT_ENOUGH_SPACE
  "108": "store_unavailable", // NO_DATA_TO_INSERT: the engine has lost the rows on their way; no statement of ours is without
  "107": "store_unavailable", // FILE_DOESNT_EXIST: its files were taken away
  "202": "store_unavailable", // TOO_MANY_SIMULTANEOUS_QUERIES
  "209": "store_unavailable", // SOCKET_TIMEOUT
  "210": "store_unavailable", // NETWORK_ERROR
  "242": "store_unavailable", // TABLE_IS_READ_ONLY
  "252": "store_unavailable", // TOO_MANY_PARTS
  "236": "store_unavailable", // ABORTED
  "516": "store_unavailable", // AUTHENTICATION_FAILED
  "734": "store_unavailable", // the server is shutting down
};

const diskFull = /no space left on device|ENOSPC|disk quota exceeded|cannot reserve/i;
/** errno 5 and friends reach us as text only. */
const diskFailure = /input\/output error|cannot fsync|CANNOT_FSYNC|CANNOT_WRITE_TO_FILE/i;

/** What the client, the engine or the network throws, as an AppError; a mistake of ours is `internal`. */
export function mapStoreError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = codeOf(error);
  const options: AppErrorOptions = {
    cause: error,
    detail: { store: "telemetry", clickhouse: describe(error) },
  };
  return new AppError(code, options);
}

/** For a write: running out of memory there is the server's trouble, not a query that asks for too much. */
export function mapWriteError(error: unknown): AppError {
  const mapped = mapStoreError(error);
  if (mapped.code !== "query_too_large" && mapped.code !== "query_timed_out") return mapped;
  return new AppError("store_unavailable", { cause: error, detail: mapped.detail });
}

function codeOf(error: unknown): StoreErrorCode | "internal" {
  const text = error instanceof Error ? `${error.message} ${(error as { code?: unknown }).code ?? ""}` : "";
  if (diskFull.test(text)) return "storage_full";
  if (isEngineError(error)) {
    return meanings[error.code] ?? (diskFailure.test(text) ? "store_unavailable" : "internal");
  }
  // Everything else that the client throws is about the way to the server, or about something that answers
  // in its place, such as a proxy's HTML page; a TypeError is a mistake of ours.
  return error instanceof TypeError ? "internal" : "store_unavailable";
}

interface EngineError extends Error {
  readonly code: string;
  readonly type: string;
}

/** By shape, because chdb and the client each bring a class of their own for the same error. */
function isEngineError(error: unknown): error is EngineError {
  const { code, type } = (error ?? {}) as Partial<EngineError>;
  return error instanceof Error && typeof type === "string" && typeof code === "string" && /^\d+$/.test(code);
}

function describe(error: unknown): string | undefined {
  return isEngineError(error) ? `${error.code} ${error.type}` : undefined;
}
