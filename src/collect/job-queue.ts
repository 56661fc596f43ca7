import { PgBoss } from "pg-boss";
import type { Log } from "../base/index.ts";
import type { Database } from "../db/index.ts";

/** Work that any worker may do, at most once at a time per key. */
export interface Job {
  readonly id: string;
  readonly key: string;
  readonly data: JobData;
}

export type JobData =
  | { readonly kind: "run"; readonly integrationId: string; readonly trigger: "schedule" | "manual" }
  | { readonly kind: "recheck"; readonly credentialId: string };

/** What we need of a job queue. */
export interface JobQueue {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** False when a job with this key is waiting or under way. */
  offer(data: JobData, options?: { urgent?: boolean }): Promise<boolean>;
  /** Forgets all jobs, those of dead workers above all; only for who uses the database alone. */
  clear(): Promise<void>;
  /** Up to `count` jobs, each given to one worker only. */
  take(count: number): Promise<Job[]>;
  /** Says that these jobs are still worked on; one that nobody speaks for frees its key after the heartbeat. */
  keep(jobIds: readonly string[]): Promise<void>;
  /** The job is done, however it ended; its key is free again. */
  finish(jobId: string): Promise<void>;
}

const queueName = "collect";
/** How often pg-boss looks for jobs of the dead, unless told otherwise. */
const defaultSuperviseMs = 15_000;
/** What pg-boss accepts. */
const heartbeatSecondsMin = 10;

export function keyOf(data: JobData): string {
  return data.kind === "run" ? `run:${data.integrationId}` : `recheck:${data.credentialId}`;
}

/**
 * pg-boss on the control-plane database. Its policy `exclusive` keeps a key to one job, waiting or under way, over all
 * workers. It retries nothing: when to try again is the scheduler's to decide.
 */
export function createJobQueue(deps: {
  db: Pick<Database, "jobs" | "kind">;
  log: Log;
  expireAfterMs: number;
  heartbeatMs: number;
  superviseMs?: number;
}): JobQueue {
  const embedded = deps.db.kind === "embedded";
  const superviseSeconds = Math.ceil((deps.superviseMs ?? defaultSuperviseMs) / 1000);
  const boss = new PgBoss({
    db: deps.db.jobs,
    schema: "pgboss",
    backend: embedded ? "pglite" : "postgres",
    schedule: false,
    superviseIntervalSeconds: superviseSeconds,
    monitorIntervalSeconds: superviseSeconds,
    reindex: !embedded,
    monitorVacuum: !embedded,
  });
  boss.on("error", (error) => deps.log.warn("The job queue had trouble with its database.", { error }));
  return {
    start: async () => {
      await boss.start();
      const settings = {
        retryLimit: 0,
        expireInSeconds: Math.ceil(deps.expireAfterMs / 1000),
        heartbeatSeconds: Math.max(heartbeatSecondsMin, Math.ceil(deps.heartbeatMs / 1000)),
        deleteAfterSeconds: 3600,
        retentionSeconds: 3600,
      };
      await boss.createQueue(queueName, { policy: "exclusive", ...settings });
      // Creating leaves a queue that exists as an earlier version has made it.
      await boss.updateQueue(queueName, settings);
    },
    stop: () => boss.stop({ graceful: false, close: false }),
    offer: async (data, options = {}) => {
      const id = await boss.send(queueName, data, {
        singletonKey: keyOf(data),
        priority: options.urgent ? 10 : 0,
      });
      return id !== null;
    },
    clear: () => boss.deleteAllJobs(queueName),
    take: async (count) => {
      const jobs = await boss.fetch<JobData>(queueName, { batchSize: count });
      return jobs.map(({ id, data }) => ({ id, key: keyOf(data), data }));
    },
    keep: async (jobIds) => {
      if (jobIds.length > 0) await boss.touch(queueName, [...jobIds]);
    },
    finish: async (jobId) => {
      await boss.complete(queueName, jobId);
    },
  };
}
