import { type Logger, pino } from "pino";
import { readableLine } from "./readable-line.ts";

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "silent";

/** Structured log: one JSON object a line. User text goes into fields, never into the message. */
export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
  child(fields: Record<string, unknown>): Log;
}

/** Field names that never reach the log in clear, at any of the first three levels of nesting. */
const secretNames = [
  "authorization",
  "cookie",
  "password",
  "secret",
  "secretAccessKey",
  "sessionToken",
  "token",
  "masterKey",
  "externalId",
  "x-amz-security-token",
  "x-amz-access-token",
  "x-auth-token",
];

/**
 * Writes JSON lines to `write` (standard error by default), or lines for people with the format `text`. Errors in the
 * field `error` keep code, message and stack in JSON.
 */
export function createLog(options: {
  level: LogLevel;
  format?: "json" | "text";
  write?: (line: string) => void;
}): Log {
  const paths = secretNames.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]);
  const write = options.write ?? standardError();
  const destination = {
    write: options.format === "text" ? (line: string) => write(readableLine(line)) : write,
  };
  const root = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths, censor: "[redacted]" },
      serializers: { error: describeError },
    },
    destination,
  );
  return wrap(root);
}

function standardError(): (line: string) => void {
  const output = pino.destination({ dest: 2, sync: true });
  return (line) => output.write(line);
}

type PinoLike = Pick<Logger, "debug" | "info" | "warn" | "error" | "child">;

function wrap(logger: PinoLike): Log {
  return {
    debug: (message, fields = {}) => logger.debug(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
    child: (fields) => wrap(logger.child(fields)),
  };
}

/** Error text for the log: name, code, message, stack and the chain of causes, six deep at most. */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error) || depth > 5) return String(error);
  const extra = error as { code?: unknown; detail?: unknown };
  return {
    name: error.name,
    message: error.message,
    ...(extra.code === undefined ? {} : { code: extra.code }),
    ...(extra.detail === undefined ? {} : { detail: extra.detail }),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause, depth + 1) }),
  };
}
