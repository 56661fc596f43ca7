import type { Clock, Log } from "../base/index.ts";
import type { Database } from "../db/index.ts";
import type { Telemetry } from "../telemetry/index.ts";
import type { Arrivals } from "./arrivals.ts";
import { countDay } from "./days.ts";
import {
  type DueDeletions,
  type ExpiredDay,
  findDeletedGroups,
  findDeletedStreams,
  findExpiredDays,
  forgetDay,
  removeGroup,
  removeStreams,
} from "./purge-queries.ts";
import { isStoreGone, type RemovalFailures } from "./removal-failures.ts";
import { aheadMsMax, findPosition } from "./traffic-queries.ts";

/** A request that found the group or stream alive has stored its events, or failed, long before this. */
const graceMs = 600_000;
/** What is still there after a rewrite was given up; meanwhile the rest has its turns. */
const askAgainMs = 600_000;
const groupsPerTurn = 100;
const streamRowsPerTurn = 5_000;
const streamsPerRewrite = 1_000;
const groupsWithStreamsPerTurn = 20;
const daysPerTurn = 10;
/** A line of log names no more. */
const idsPerLine = 10;

export interface PurgeCounts {
  /** Days of ingestion that were dropped as a whole. */
  days: number;
  /** Groups and streams whose last event is gone, and they with it. */
  groups: number;
  streams: number;
  /** Rewrites that were asked for; at most one a turn, and none while another goes on. */
  rewrites: number;
}

/**
 * Removes from disk what no reader is shown any more: events of deleted groups and streams, and those past retention. Whole days
 * of ingestion are dropped where nothing of them is to be kept; else the store rewrites them without the events, one rewrite at
 * a time. Interrupting and repeating it is safe: what is gone is found out from the store, never assumed. What the store cannot
 * read or rewrite is told, and holds up nothing else.
 */
export function createPurgeChore(deps: {
  db: Pick<Database, "kysely">;
  telemetry: Pick<Telemetry, "logTraffic" | "logPurge">;
  arrivals: Pick<Arrivals, "strays">;
  /** What retention goes by, instead of a clock that may have jumped. */
  removalTime: () => Promise<number>;
  failures: RemovalFailures;
  clock: Clock;
  log: Log;
}): () => Promise<PurgeCounts> {
  const { telemetry, failures, clock, log } = deps;
  const askedAt = new Map<string, number>();
  return async () => {
    const counts: PurgeCounts = { days: 0, groups: 0, streams: 0, rewrites: 0 };
    for (const reason of await telemetry.logPurge.giveUpFailing()) failures.note({ reason });
    if (await telemetry.logPurge.isRewriting()) return counts;
    const now = clock.monotonic();
    for (const [target, at] of askedAt) if (now - at >= askAgainMs) askedAt.delete(target);
    const turn = { ...deps, counts, askedAt };
    for (const step of [purgeGroups, purgeStreams, purgeDays, purgeStrays]) {
      await step(turn);
      if (counts.rewrites > 0) break;
    }
    if (counts.days + counts.groups + counts.streams + counts.rewrites > 0)
      log.info("Removed log events.", { ...counts });
    return counts;
  };
}

type Deps = Parameters<typeof createPurgeChore>[0];

interface Turn extends Deps {
  readonly counts: PurgeCounts;
  /** When the rewrite of a target was asked for last, in monotonic time. */
  readonly askedAt: Map<string, number>;
}

async function purgeGroups(turn: Turn): Promise<void> {
  const { db, telemetry, counts } = turn;
  const ids = await findDeletedGroups(db.kysely, await dueDeletions(turn), groupsPerTurn);
  if (ids.length === 0) return;
  const left = new Set(await groupsLeft(turn, ids));
  for (const id of ids)
    if (!left.has(id) && (await removeGroup(db.kysely, id, streamRowsPerTurn))) counts.groups += 1;
  await askToRewrite(turn, "group", [...left], telemetry.logPurge.deleteGroups);
}

/** What cannot be read counts as left; the others are asked for without it. */
async function groupsLeft(turn: Turn, ids: readonly number[]): Promise<readonly number[]> {
  const { telemetry, failures } = turn;
  const ask = () => telemetry.logPurge.groupsLeft(ids);
  if (ids.length === 1) return (await failures.survive({ group: ids[0] }, ask)) ?? ids;
  try {
    return await ask();
  } catch (error) {
    if (isStoreGone(error)) throw error;
    const middle = ids.length >> 1;
    const halves = [ids.slice(0, middle), ids.slice(middle)] as const;
    return [...(await groupsLeft(turn, halves[0])), ...(await groupsLeft(turn, halves[1]))];
  }
}

async function purgeStreams(turn: Turn): Promise<void> {
  const { db, telemetry, counts, failures } = turn;
  const { logPurge } = telemetry;
  const due = await dueDeletions(turn);
  const seen: number[] = [];
  while (seen.length < groupsWithStreamsPerTurn && counts.rewrites === 0) {
    const found = await findDeletedStreams(db.kysely, due, seen, streamsPerRewrite);
    if (!found) return;
    const { groupId, streamIds } = found;
    seen.push(groupId);
    const ask = () => logPurge.streamsLeft(groupId, streamIds);
    const left = new Set(
      (await failures.survive({ group: groupId, streams: streamIds.length }, ask)) ?? streamIds,
    );
    const gone = streamIds.filter((id) => !left.has(id));
    await removeStreams(db.kysely, gone);
    counts.streams += gone.length;
    await askToRewrite(turn, "stream", [...left], (ids) => logPurge.deleteStreams(groupId, ids));
  }
}

/** What came in before the deletion has become metrics of traffic by then, also after a downtime. */
async function dueDeletions({ db, clock }: Deps): Promise<DueDeletions> {
  const now = clock.now();
  const counted = (await findPosition(db.kysely, "traffic", now)) ?? 0;
  return { before: new Date(Math.min(now, counted) - graceMs), afterNow: new Date(now + aheadMsMax) };
}

async function purgeDays(turn: Turn): Promise<void> {
  const { db, removalTime, counts, failures } = turn;
  for (const expired of await findExpiredDays(db.kysely, await removalTime(), daysPerTurn)) {
    await failures.survive({ day: expired.day }, () => purgeDay(turn, expired));
    if (counts.rewrites > 0) return;
  }
}

async function purgeDay(turn: Turn, { day, expired, isWhole }: ExpiredDay): Promise<void> {
  const { db, telemetry, counts } = turn;
  const { logPurge } = telemetry;
  if (isWhole && (await logPurge.dropDay(day, expired))) {
    await forgetDay(db.kysely, day);
    counts.days += 1;
    return;
  }
  // An earlier rewrite may be done.
  const stored = new Set((await countDay(turn, day)).map(({ groupId }) => groupId));
  const left = expired.filter((id) => stored.has(id));
  if (left.length > 0) await askToRewrite(turn, "day", [day], () => logPurge.deleteGroupsOfDay(day, left));
}

async function purgeStrays(turn: Turn): Promise<void> {
  const { strays } = turn.arrivals;
  await askToRewrite(turn, "stray stream", [...strays].slice(0, streamsPerRewrite), async (ids) => {
    await turn.telemetry.logPurge.deleteStrayStreams(ids);
    for (const id of ids) strays.delete(id);
  });
}

/** Asks for a rewrite of those targets for which that was not done a short time ago. */
async function askToRewrite(
  { clock, counts, failures, askedAt }: Turn,
  kind: "group" | "stream" | "day" | "stray stream",
  ids: readonly number[],
  rewrite: (ids: readonly number[]) => Promise<void>,
): Promise<void> {
  const due = ids.filter((id) => !askedAt.has(`${kind} ${id}`));
  if (due.length === 0) return;
  for (const id of due) askedAt.set(`${kind} ${id}`, clock.monotonic());
  counts.rewrites += 1;
  await failures.survive({ kind, ids: due.slice(0, idsPerLine) }, () => rewrite(due));
}
