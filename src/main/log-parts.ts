import type { Chore } from "../collect/index.ts";
import { createIngest } from "../ingest/index.ts";
import { createLogs } from "../logs/index.ts";
import { createLocalBuckets, createTrail } from "../trail/index.ts";
import type { Context } from "./context.ts";
import type { Parts } from "./parts.ts";
import type { Stores } from "./stores.ts";

/** Logs, what takes them in, and the audit of both faces. */
export type LogParts = ReturnType<typeof buildLogParts>;

export function buildLogParts(context: Context, { database: db, telemetry }: Stores, parts: Parts) {
  const { settings, clock, random, releasers, serviceMetrics } = context;
  const { identity, counters } = parts;
  const { accountId, region } = settings;
  const trail = createTrail({
    db,
    events: telemetry.trailEvents,
    buckets: createLocalBuckets(settings.dataDir),
    clock,
    random,
    log: context.log.child({ part: "trail" }),
    accountId,
    region,
    retentionDays: settings.trailRetentionDays,
  });
  serviceMetrics.watchAudit(trail.lost);
  releasers.add("audit records", () => trail.close());
  const logs = createLogs({
    db,
    counters,
    telemetry,
    clock,
    log: context.log.child({ part: "logs" }),
    accountId,
    region,
  });
  serviceMetrics.watchRemoval(logs.removalFailures);
  releasers.add("logs", () => logs.flush());
  const ingest = createIngest({
    identity,
    logs,
    missingTargets: settings.ingestCreateMissing ? logs.missingTargets : undefined,
    trail: trail.recorder,
    telemetry,
    db,
    clock,
    log: context.log.child({ part: "ingest" }),
    observe: serviceMetrics.ingested,
    accountId,
    region,
    options: {
      memoryBytesMax: settings.ingestMemoryMib * 2 ** 20,
      requestsPerSecond: settings.ingestRequestsPerSecond,
      requestBytesMax: settings.ingestRequestMib * 2 ** 20,
      eventBytesMax: settings.ingestEventKib * 2 ** 10,
      hlcMessage: settings.hlcMessage,
      hecDefaultGroup: settings.hecDefaultLogGroup,
      hecDefaultStream: settings.hecDefaultLogStream,
      hecQueryToken: settings.hecQueryToken,
      strictAudit: settings.auditIngestion === "strict",
    },
  });
  releasers.add("log ingestion", () => ingest.close());
  const chores: Chore[] = [
    ...logs.chores,
    { name: "use of keys", everyMs: 5_000, run: identity.flush },
    // Not by a worker: buckets are folders, and a worker's may go away with it.
    ...(context.role === "serve"
      ? [{ name: "delivery of audit records", everyMs: 60_000, run: trail.deliver }]
      : []),
    { name: "old audit records", everyMs: 3_600_000, run: trail.dropExpired },
    { name: "old counts of rejected events", everyMs: 3_600_000, run: ingest.forgetOld },
  ];
  return { trail, logs, ingest, chores };
}
