import { type ErrorCode, type ErrorSpec, errorCodes, type FieldProblem } from "../contract/errors.ts";

export interface AppErrorOptions {
  /** Public sentence for the caller. It must never hold a secret or an internal name. */
  readonly message?: string;
  readonly fields?: readonly FieldProblem[];
  /** For the log only. */
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
  readonly retryAfterMs?: number;
}

/** The only error that domain code throws. It knows no protocol; the edge writes it. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly fields: readonly FieldProblem[];
  readonly detail: Readonly<Record<string, unknown>>;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    super(options.message ?? errorCodes[code].doc, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.fields = options.fields ?? [];
    this.detail = options.detail ?? {};
    const spec: ErrorSpec = errorCodes[code];
    this.retryAfterMs = options.retryAfterMs ?? spec.retryAfterMs;
  }
}

/** Turns anything caught into an AppError; what is not one becomes `internal` and leaks nothing. */
export function toAppError(error: unknown): AppError {
  return error instanceof AppError ? error : new AppError("internal", { cause: error });
}
