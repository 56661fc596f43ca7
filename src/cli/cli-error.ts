/**
 * Exit codes of `nepho`, for scripts. They are part of the public face: docs/guide/cli.md lists them, and a test compares.
 */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  notAuthorised: 3,
  notFound: 4,
  unreachable: 5,
  conflict: 6,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A failure that the person at the terminal should read: printed without a stack, `hints` below the message. */
export class CliError extends Error {
  readonly exitCode: ExitCode;
  readonly hints: readonly string[];
  /** The server's error code and request id, for `--json`. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    exitCode: ExitCode,
    message: string,
    hints: readonly string[] = [],
    details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = "CliError";
    this.exitCode = exitCode;
    this.hints = hints;
    this.details = details;
  }
}

export function usageError(message: string, ...hints: string[]): CliError {
  return new CliError(exitCodes.usage, message, hints);
}

export function exitCodeOfStatus(status: number): ExitCode {
  if (status === 401 || status === 403) return exitCodes.notAuthorised;
  if (status === 404) return exitCodes.notFound;
  if (status === 409) return exitCodes.conflict;
  if (status === 400 || status === 422) return exitCodes.usage;
  return exitCodes.failed;
}
