import { type Logger, pino } from "pino";

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

/** Writes JSON lines to `write` (standard error by default). Errors in the field `error` keep code, message and stack. */
export function createLog(options: { level: LogLevel; write?: (line: string) => void }): Log {
  const paths = secretNames.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]);
  const destination = options.write ? { write: options.write } : pino.destination({ dest: 2, sync: true });
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
