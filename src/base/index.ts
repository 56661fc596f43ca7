/**
 * Tools without domain words: errors, time, randomness, secrets, logging, release of resources.
 * Nothing here knows AWS, HTTP or SQL.
 */
export { AppError, type AppErrorOptions, toAppError } from "./app-error.ts";
export { type BufferPool, createBufferPool } from "./buffer-pool.ts";
export { type Clock, systemClock } from "./clock.ts";
export { createComplaints } from "./complaints.ts";
export { createLog, type Log, type LogLevel } from "./log.ts";
export {
  type Position,
  type PositionKind,
  type PositionOf,
  readToken,
  writeToken,
  wrongCursor,
} from "./page-tokens.ts";
export { alphanumerics, type Random, systemRandom } from "./random.ts";
export { createReleasers, type Releasers } from "./releasers.ts";
export { Secret } from "./secret.ts";
export { releaseAll, stopOnSignals } from "./stop-on-signals.ts";
export { isStorable } from "./storable.ts";
export { createTokenBuckets, type TokenBuckets } from "./token-buckets.ts";
export { makeDirectoryDurably, writeDurably } from "./write-durably.ts";
