/**
 * Whose run is next, and which places it may have. Kept as numbers that a job carries with it, so that workers who share a
 * database decide alike without asking each other.
 */

/** Two lanes, so that what takes long never holds the places that short runs need. */
export type Lane = "brief" | "long";

/** Nine in ten integrations are through in a second or two; 10 s is either a very large account or one that hangs. */
export const longAfterMs = 10_000;
/** A run that lasted for a quarter of an hour is not put further back than this. */
const handicapMsMax = 300_000;
/** What people ask for by hand goes before all turns that came due since the day before. */
const urgentMs = 24 * 3_600_000;
/** Re-checks of credentials can wait for a minute of runs. */
export const recheckHandicapMs = 60_000;
/** Times are kept in seconds from here, which fit a 32-bit priority with room for the lane until 2060. */
const epochMs = Date.UTC(2026, 0, 1);
const laneWidth = 2 ** 30;

/** Priorities of a lane's jobs; the bounds are inclusive. */
export const lanePriorities: Readonly<Record<Lane, { min: number; max: number }>> = {
  brief: { min: 0, max: laneWidth - 1 },
  long: { min: -laneWidth, max: -1 },
};

/** A run is expected to take as long as the last one did; of a new integration nothing is held against it. */
export function laneOf(lastRunMs: number | null): Lane {
  return lastRunMs !== null && lastRunMs > longAfterMs ? "long" : "brief";
}

/**
 * The larger, the earlier: who is due first, each put back by what it takes. Of integrations that always have more to do each
 * so gets the same time over the long run, and nobody is passed by those that come later than its own handicap.
 */
export function priorityOf(job: {
  lane: Lane;
  dueAt: number;
  handicapMs: number | null;
  urgent?: boolean;
}): number {
  const stamp = job.dueAt + Math.min(job.handicapMs ?? 0, handicapMsMax) - (job.urgent ? urgentMs : 0);
  const seconds = Math.floor((stamp - epochMs) / 1000);
  const { min, max } = lanePriorities[job.lane];
  return Math.max(min, Math.min(max, max - seconds));
}

/** Places that runs of one lane leave to the other. */
export function keptPlaces(runsAtOnce: number): number {
  return runsAtOnce >= 4 ? 2 : runsAtOnce >= 2 ? 1 : 0;
}

/**
 * The lanes from which the next run may be taken, the preferred one first. Long runs leave the kept places free. A run that
 * turns out long while it holds one of them gives it back: up to as many runs again may then be under way, which costs memory
 * but waits on the network like all runs.
 */
export function openLanes(under: Readonly<Record<Lane, number>>, runsAtOnce: number): Lane[] {
  const kept = keptPlaces(runsAtOnce);
  const total = under.brief + under.long;
  const briefOpen = total < runsAtOnce || (under.brief < kept && total < 2 * runsAtOnce);
  const longOpen = total < runsAtOnce && under.long < Math.max(1, runsAtOnce - kept);
  // Short runs end soon and go first, but not for ever: long ones have places of their own too.
  const order: Lane[] = under.long < kept ? ["long", "brief"] : ["brief", "long"];
  return order.filter((lane) => (lane === "brief" ? briefOpen : longOpen));
}

/** Credentials that hold half of the places or more; while others wait, they get no more. */
export function greedyCredentials(held: readonly (string | null)[], runsAtOnce: number): string[] {
  const counts = new Map<string, number>();
  for (const id of held) if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1);
  const most = Math.max(1, Math.ceil(runsAtOnce / 2));
  return [...counts].filter(([, count]) => count >= most).map(([id]) => id);
}
