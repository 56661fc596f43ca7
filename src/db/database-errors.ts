import { AppError } from "../base/index.ts";

/**
 * Turns what a driver throws into an AppError where the caller cannot help it: a full disk and a
 * database that is away. Everything else (constraint violations above all) stays as it is.
 */
export function mapDatabaseError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  if (isDiskFull(error)) return new AppError("storage_full", { cause: error });
  if (isUnavailable(error)) {
    return new AppError("store_unavailable", { cause: error, detail: { store: "control plane" } });
  }
  return error;
}

/** True when `error`, or what caused it, is a violated unique constraint, of this name if one is given. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (codeOf(cause) !== "23505") continue;
    return constraint === undefined || (cause as { constraint?: unknown }).constraint === constraint;
  }
  return false;
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "";
}

function isDiskFull(error: unknown): boolean {
  const code = codeOf(error);
  if (code === "53100" || code === "ENOSPC" || code === "EDQUOT") return true;
  return error instanceof Error && /no space left on device|disk quota exceeded/i.test(error.message);
}

/** SQLSTATE 57014 is our own statement timeout; 53300 means that the server has no connection left. */
const unavailableStates = new Set(["57014", "57P01", "57P02", "57P03", "57P05", "53300", "25006", "58030"]);
const unavailableCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
]);
/** What `pg` and `pg-pool` say without a code. */
const unavailableMessages =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|connection ended unexpectedly|query read timeout|cannot use a pool after calling end/i;

function isUnavailable(error: unknown): boolean {
  const code = codeOf(error);
  if (unavailableStates.has(code) || code.startsWith("08") || unavailableCodes.has(code)) return true;
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  return error instanceof Error && unavailableMessages.test(error.message);
}
