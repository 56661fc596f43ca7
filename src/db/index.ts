/**
 * The control-plane database: connection, migrations, schema dump and the lock on the data directory.
 * It never knows what the rows mean; each area keeps its own statements. Invariants: a commit that was
 * acknowledged is on disk; both engines give the same values and the same errors; no statement of the
 * job queue ever runs inside somebody else's transaction.
 */
export { type ChangeCounters, type ChangeCounts, createChangeCounters } from "./change-counters.ts";
export type { Database, DatabaseOptions, JobsConnection } from "./database.ts";
export { isUniqueViolation } from "./database-errors.ts";
export { type DirectoryLock, lockDataDirectory } from "./directory-lock.ts";
export { lockKeys } from "./lock-keys.ts";
export { openDatabase } from "./open-database.ts";
export { createRemovalTime } from "./removal-time.ts";
export { dumpSchema } from "./schema-dump.ts";
export type { Tables } from "./tables/index.ts";
export type { LogGroupClass } from "./tables/logs.ts";
