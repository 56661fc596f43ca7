import { AppError, type Clock, createComplaints, type Log } from "../base/index.ts";

/** What could not be read or removed on disk, one trouble of many: counted, and told in the log once a minute at the most. */
export interface RemovalFailures {
  note(fields: Record<string, unknown>): void;
  /** What `act` gives, or undefined when it failed. Throws `store_unavailable` only. */
  survive<T>(fields: Record<string, unknown>, act: () => Promise<T>): Promise<T | undefined>;
  /** Since the start. */
  count(): number;
}

export function createRemovalFailures(deps: { clock: Pick<Clock, "monotonic">; log: Log }): RemovalFailures {
  const complain = createComplaints(deps);
  let count = 0;
  const note = (fields: Record<string, unknown>) => {
    count += 1;
    complain("Log events could not be removed or counted; it is tried again, and the others go on.", {
      ...fields,
      failures: count,
    });
  };
  return {
    note,
    survive: async (fields, act) => {
      try {
        return await act();
      } catch (error) {
        if (isStoreGone(error)) throw error;
        note({ ...fields, error });
        return undefined;
      }
    },
    count: () => count,
  };
}

/** Then nothing else would succeed either. */
export function isStoreGone(error: unknown): boolean {
  return error instanceof AppError && error.code === "store_unavailable";
}
