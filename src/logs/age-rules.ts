const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** AWS's limits, for events that come in by whatever way. */
const pastMsMax = 14 * dayMs;
export const futureMsMax = 2 * hourMs;

export type AgeVerdict = "ok" | "too_old" | "too_new" | "expired";

/**
 * Whether an event of this time may be stored now. What lies on a limit is within it; of an event that is both older than 14
 * days and past the retention, the real service says that it is too old.
 */
export function judge(timestampMs: number, nowMs: number, retentionDays: number | null): AgeVerdict {
  if (timestampMs > nowMs + futureMsMax) return "too_new";
  if (timestampMs < nowMs - pastMsMax) return "too_old";
  return timestampMs < visibleFrom(nowMs, retentionDays) ? "expired" : "ok";
}

/** Events before this are past retention: they are not accepted and not shown, whether or not they are still on disk. */
export function visibleFrom(nowMs: number, retentionDays: number | null): number {
  return retentionDays === null ? 0 : Math.max(0, nowMs - retentionDays * dayMs);
}
