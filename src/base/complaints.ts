import type { Clock } from "./clock.ts";
import type { Log } from "./log.ts";

const everyMs = 60_000;

/** Warnings of a trouble that lasts: each message is logged once a minute at the most. Says whether it was. */
export function createComplaints(deps: { clock: Pick<Clock, "monotonic">; log: Pick<Log, "warn"> }) {
  const loggedAt = new Map<string, number>();
  return (message: string, fields: Record<string, unknown>): boolean => {
    const now = deps.clock.monotonic();
    const last = loggedAt.get(message);
    if (last !== undefined && now - last < everyMs) return false;
    loggedAt.set(message, now);
    deps.log.warn(message, fields);
    return true;
  };
}
