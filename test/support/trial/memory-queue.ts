import type { CollectorDeps } from "../../../src/collect/index.ts";

type JobQueue = NonNullable<CollectorDeps["queue"]>;
type Job = NonNullable<Awaited<ReturnType<JobQueue["take"]>>>;

/** A job queue without a clock of its own, for one worker: pg-boss goes by the real time. It forgets its jobs when made anew. */
export function createMemoryQueue(): JobQueue {
  const waiting: Job[] = [];
  const taken = new Map<string, Job>();
  let made = 0;
  return {
    start: async () => {},
    stop: async () => {},
    clear: async () => {
      waiting.length = 0;
    },
    offer: async (data) => {
      const key = data.kind === "run" ? `run:${data.integrationId}` : `recheck:${data.credentialId}`;
      if ([...waiting, ...taken.values()].some((job) => job.key === key)) return false;
      const job: Job = { id: `job-${made++}`, key, data };
      waiting.push(job);
      return true;
    },
    take: async () => {
      const job = waiting.shift();
      if (job) taken.set(job.id, job);
      return job;
    },
    keep: async () => {},
    recover: async () => 0,
    finish: async (jobId) => {
      taken.delete(jobId);
    },
  };
}
