import { AppError } from "../base/index.ts";
import type { ErrorCode } from "../contract/index.ts";
import { ProtocolError } from "../protocols/index.ts";

/** By the codes of IAM, what the REST API says instead. */
export type AppErrorCodes = Readonly<Record<string, ErrorCode>>;

const common: AppErrorCodes = {
  LimitExceeded: "limit_exceeded",
  EntityAlreadyExists: "name_taken",
  ValidationError: "validation_failed",
  InvalidInput: "validation_failed",
};

const iamCodes: Partial<Record<ErrorCode, string>> = {
  user_not_found: "NoSuchEntity",
  token_not_found: "NoSuchEntity",
  api_key_not_found: "NoSuchEntity",
  name_taken: "EntityAlreadyExists",
  limit_exceeded: "LimitExceeded",
  last_administrator: "DeleteConflict",
  validation_failed: "ValidationError",
};

/** The name of an error in IAM's API; undefined for what it has no name for. */
export function iamErrorCodeOf(code: ErrorCode): string | undefined {
  return iamCodes[code];
}

/** Runs what throws IAM's errors for callers of the REST API. */
export async function asAppErrors<T>(codes: AppErrorCodes, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const code = error instanceof ProtocolError ? (codes[error.code] ?? common[error.code]) : undefined;
    if (code === undefined) throw error;
    throw new AppError(code, { message: (error as ProtocolError).message, cause: error });
  }
}
