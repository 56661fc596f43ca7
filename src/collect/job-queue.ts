import { CompiledQuery } from "kysely";
import { PgBoss, type Queue } from "pg-boss";
import type { Log } from "../base/index.ts";
import type { Database, JobsConnection } from "../db/index.ts";
import { type Lane, laneOf, lanePriorities, priorityOf, recheckHandicapMs } from "./fairness.ts";

/** Work that any worker may do, at most once at a time per key. */
export interface Job {
  readonly id: string;
  readonly key: string;
  readonly data: JobData;
}

/** The queue's order follows from these, so that a job which is offered anew keeps its place. */
export interface RunData {
  readonly kind: "run";
  readonly integrationId: string;
  readonly trigger: "schedule" | "manual";
  readonly credentialId: string | null;
  /** When the run is to start, epoch milliseconds. */
  readonly dueAt: number;
  /** What the integration's last run took; null for a new one. */
  readonly lastRunMs: number | null;
}

export interface RecheckData {
  readonly kind: "recheck";
  readonly credentialId: string;
  readonly dueAt: number;
}

export type JobData = RunData | RecheckData;

export interface OfferOptions {
  /** The job exists if and only if this transaction is committed. */
  readonly within?: Transaction;
}

type Transaction = Database["kysely"];

export interface Choice {
  /** Any, unless given. */
  readonly lane?: Lane;
  /** Not the jobs of these credentials. */
  readonly except?: readonly string[];
}

/** What we need of a job queue. */
export interface JobQueue {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** False when a job with this key is waiting or under way. */
  offer(data: JobData, options?: OfferOptions): Promise<boolean>;
  /** Forgets all jobs, those of dead workers above all; only for who uses the database alone. */
  clear(): Promise<void>;
  /** The next job, given to one worker only; undefined when none waits. */
  take(choice?: Choice): Promise<Job | undefined>;
  /** Says that these jobs are still worked on; one that nobody speaks for is lost after the heartbeat. */
  keep(jobIds: readonly string[]): Promise<void>;
  /** Offers the jobs of workers that went silent anew; how many they were. */
  recover(): Promise<number>;
  /** The job is done, however it ended; its key is free again. */
  finish(jobId: string): Promise<void>;
}

const queueName = "collect";
/** Where pg-boss copies jobs that nobody has spoken for. */
const lostQueueName = "collect-lost";
const lostPerTurn = 100;
/** How often pg-boss looks for jobs of the dead, unless told otherwise. Nobody else can die beside an embedded database. */
const defaultSuperviseMs = { server: 5_000, embedded: 60_000 };
/** Longer than any outage: a job that waits is a turn that nobody else remembers. */
const retentionSeconds = 14 * 24 * 3600;
const nobody = "00000000-0000-0000-0000-000000000000";
/** What pg-boss accepts. */
const heartbeatSecondsMin = 10;

export function keyOf(data: JobData): string {
  return data.kind === "run" ? `run:${data.integrationId}` : `recheck:${data.credentialId}`;
}

/** A run that a person asked for starts in a place for short ones; if it is not, it gives the place back like any other. */
export function laneOfJob(data: JobData): Lane {
  return data.kind === "run" && data.trigger === "schedule" ? laneOf(data.lastRunMs) : "brief";
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
  const superviseSeconds = Math.ceil((deps.superviseMs ?? defaultSuperviseMs[deps.db.kind]) / 1000);
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
      await createQueue(boss, lostQueueName, { policy: "standard", retryLimit: 0, retentionSeconds });
      await createQueue(boss, queueName, {
        policy: "exclusive",
        retryLimit: 0,
        retentionSeconds,
        deadLetter: lostQueueName,
        expireInSeconds: Math.ceil(deps.expireAfterMs / 1000),
        heartbeatSeconds: Math.max(heartbeatSecondsMin, Math.ceil(deps.heartbeatMs / 1000)),
        deleteAfterSeconds: 3600,
      });
    },
    stop: () => boss.stop({ graceful: false, close: false }),
    offer: (data, options) => offer(boss, data, options),
    clear: async () => {
      await boss.deleteAllJobs(queueName);
      await boss.deleteAllJobs(lostQueueName);
    },
    take: async ({ lane, except = [] } = {}) => {
      const [job] = await boss.fetch<JobData>(queueName, {
        ...(lane && { minPriority: lanePriorities[lane].min, maxPriority: lanePriorities[lane].max }),
        ...(except.length > 0 && { ignoreGroups: [...except] }),
      });
      return job && { id: job.id, key: keyOf(job.data), data: job.data };
    },
    keep: async (jobIds) => {
      if (jobIds.length > 0) await boss.touch(queueName, [...jobIds]);
    },
    recover: async () => {
      const lost = await boss.fetch<JobData>(lostQueueName, { batchSize: lostPerTurn });
      for (const { id, data } of lost) {
        await offer(boss, data);
        await boss.complete(lostQueueName, id);
      }
      return lost.length;
    },
    finish: async (jobId) => {
      await boss.complete(queueName, jobId);
    },
  };
}

/** Creating leaves a queue that exists as an earlier version has made it. */
async function createQueue(boss: PgBoss, name: string, options: Omit<Queue, "name">): Promise<void> {
  const { policy, ...settings } = options;
  await boss.createQueue(name, { policy, ...settings });
  await boss.updateQueue(name, settings);
  // What is known of a queue is kept from its first use on. That must not be inside somebody's transaction: the embedded
  // database has one connection.
  await boss.findJobs(name, { id: nobody });
}

async function offer(boss: PgBoss, data: JobData, { within }: OfferOptions = {}): Promise<boolean> {
  const id = await boss.send(queueName, data, {
    singletonKey: keyOf(data),
    priority: priorityIn(data),
    ...(data.credentialId !== null && { group: { id: data.credentialId } }),
    ...(within && { db: jobsConnectionOf(within) }),
  });
  return id !== null;
}

function priorityIn(data: JobData): number {
  const { dueAt } = data;
  if (data.kind === "recheck") return priorityOf({ lane: "brief", dueAt, handicapMs: recheckHandicapMs });
  const { lastRunMs, trigger } = data;
  return priorityOf({
    lane: laneOfJob(data),
    dueAt,
    handicapMs: lastRunMs,
    urgent: trigger === "manual",
  });
}

function jobsConnectionOf(transaction: Transaction): JobsConnection {
  return {
    executeSql: async (text, values = []) => {
      const { rows } = await transaction.executeQuery(CompiledQuery.raw(text, values));
      return { rows };
    },
  };
}
