import type { CollectorDeps } from "../../../src/collect/index.ts";

type JobQueue = NonNullable<CollectorDeps["queue"]>;
type Job = Awaited<ReturnType<JobQueue["take"]>>[number];

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
    offer: async (data, options) => {
      const key = data.kind === "run" ? `run:${data.integrationId}` : `recheck:${data.credentialId}`;
      if ([...waiting, ...taken.values()].some((job) => job.key === key)) return false;
      const job = { id: `job-${made++}`, key, data };
      if (options?.urgent) waiting.unshift(job);
      else waiting.push(job);
      return true;
    },
    take: async (count) => {
      const jobs = waiting.splice(0, count);
      for (const job of jobs) taken.set(job.id, job);
      return jobs;
    },
    keep: async () => {},
    finish: async (jobId) => {
      taken.delete(jobId);
    },
  };
}
