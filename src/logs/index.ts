/**
 * Log groups and streams, and the CloudWatch Logs API over them. It decides what a group is called, who may be told of it,
 * which events are too old or too new, and when events go; the events themselves are the telemetry store's. It never looks
 * into a message and knows no wire format. Invariants: an acknowledged event is on disk and stays until its retention is
 * over or its group or stream is deleted; ids are never given twice; what is deleted or expired is not shown from then on.
 */
export { judge } from "./age-rules.ts";
export { logsErrorCodeOf } from "./api/operation.ts";
export type { LogDirectory, LogGroupEntry, LogStreamEntry } from "./directory.ts";
export { readEntity } from "./entity.ts";
export { filterCondition } from "./filter-pattern/filter-condition.ts";
export { matches } from "./filter-pattern/matches.ts";
export { parseFilterPattern } from "./filter-pattern/parse.ts";
export { createLogs, type Logs, type LogsDeps } from "./logs.ts";
export type { Once } from "./service.ts";
export { trafficSettledTo } from "./traffic.ts";
