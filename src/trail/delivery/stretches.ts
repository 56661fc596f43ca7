import { type FedTrailEvent, type TrailFeedPlace, trailWriteMsMax } from "../../telemetry/index.ts";
import type { DeliveryPosition, Pause, TrailRecord } from "../trails-queries.ts";

export type FeedKind = keyof DeliveryPosition;

/**
 * How far delivery stays behind the clock. What is recorded becomes visible within half of the first; the other half is for
 * clocks that differ. A call without outcome is waited for a minute.
 */
const staysBehindMs: Readonly<Record<FeedKind, number>> = { outcomes: 2 * trailWriteMsMax, open: 60_000 };

/** Outcomes of calls that were under way when logging was stopped are still delivered when they come within this time. */
const lateOutcomeMs = 10 * 60_000;

/** Far more than the clocks of servers that work together may differ. */
const clocksDifferMs = 60_000;
/** How far delivery goes back when its position cannot be right. */
const againMs = 3_600_000;

const firstId = "00000000-0000-0000-0000-000000000000";
const lastId = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/** Where a trail begins that has never logged. */
export function positionAt(ms: number): DeliveryPosition {
  return { outcomes: endOf(ms), open: endOf(ms) };
}

/** The place behind everything that was recorded by then. */
export function endOf(ms: number): TrailFeedPlace {
  return { recordedAtMs: ms, eventId: lastId };
}

export interface Stretch {
  readonly behind: TrailFeedPlace;
  readonly upToMs: number;
}

/** What is to be read next; undefined when nothing is due. A pause that is over is leapt, not read. */
export function nextStretch(trail: TrailRecord, kind: FeedKind, nowMs: number): Stretch | undefined {
  let behind = trail.position?.[kind];
  if (!behind) return undefined;
  // The clock was ahead for a while: what came since is before the position, and some of it may be delivered twice now.
  if (behind.recordedAtMs > nowMs + clocksDifferMs) behind = endOf(whenRight(trail, nowMs));
  let upToMs = nowMs - staysBehindMs[kind];
  for (const { fromMs, toMs } of trail.pauses) {
    if (behind.recordedAtMs >= fromMs + lateOutcomeMs && toMs !== null && behind.recordedAtMs < toMs)
      behind = { recordedAtMs: toMs, eventId: firstId };
    if (toMs === null) upToMs = Math.min(upToMs, fromMs + lateOutcomeMs);
  }
  return upToMs > behind.recordedAtMs ? { behind, upToMs } : undefined;
}

/** Not before the trail began to log, as far as that can be right either. */
function whenRight({ startedAt }: TrailRecord, nowMs: number): number {
  const began = startedAt?.getTime() ?? 0;
  return Math.max(nowMs - againMs, began <= nowMs ? began : 0);
}

/** Whether a call was made while the trail did not log. One whose record came after the pause belongs to what follows. */
export function isPaused(pauses: readonly Pause[], event: FedTrailEvent): boolean {
  return pauses.some(
    ({ fromMs, toMs }) => event.eventTimeMs >= fromMs && (toMs === null || event.recordedAtMs <= toMs),
  );
}
