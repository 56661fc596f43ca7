import type { Clock, Log } from "../base/index.ts";
import type { Database } from "../db/index.ts";
import type { Telemetry } from "../telemetry/index.ts";
import { countDay } from "./days.ts";
import {
  findDeletedGroups,
  findDeletedStreams,
  findExpiredDays,
  forgetDay,
  removeGroup,
  removeStreams,
} from "./purge-queries.ts";
import { findPosition } from "./traffic-queries.ts";

/** A request that found the group or stream alive has stored its events, or failed, long before this. */
const graceMs = 600_000;
const groupsPerTurn = 100;
const streamRowsPerTurn = 5_000;
const streamsPerRewrite = 1_000;
const groupsWithStreamsPerTurn = 20;
const daysPerTurn = 10;

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
 * a time. Interrupting and repeating it is safe: what is gone is found out from the store, never assumed.
 */
export function createPurgeChore(deps: {
  db: Pick<Database, "kysely">;
  telemetry: Pick<Telemetry, "logTraffic" | "logPurge">;
  clock: Clock;
  log: Log;
}): () => Promise<PurgeCounts> {
  return async () => {
    const counts: PurgeCounts = { days: 0, groups: 0, streams: 0, rewrites: 0 };
    if (await deps.telemetry.logPurge.isRewriting()) return counts;
    for (const step of [purgeGroups, purgeStreams, purgeDays]) {
      await step(deps, counts);
      if (counts.rewrites > 0) break;
    }
    if (counts.days + counts.groups + counts.streams + counts.rewrites > 0)
      deps.log.info("Removed log events.", { ...counts });
    return counts;
  };
}

type Deps = Parameters<typeof createPurgeChore>[0];

async function purgeGroups(deps: Deps, counts: PurgeCounts): Promise<void> {
  const { db, telemetry } = deps;
  const ids = await findDeletedGroups(db.kysely, await deletedBefore(deps), groupsPerTurn);
  if (ids.length === 0) return;
  const left = new Set(await telemetry.logPurge.groupsLeft(ids));
  for (const id of ids)
    if (!left.has(id) && (await removeGroup(db.kysely, id, streamRowsPerTurn))) counts.groups += 1;
  if (left.size === 0) return;
  await telemetry.logPurge.deleteGroups([...left]);
  counts.rewrites += 1;
}

async function purgeStreams(deps: Deps, counts: PurgeCounts): Promise<void> {
  const { db, telemetry } = deps;
  const before = await deletedBefore(deps);
  const seen: number[] = [];
  while (seen.length < groupsWithStreamsPerTurn) {
    const found = await findDeletedStreams(db.kysely, before, seen, streamsPerRewrite);
    if (!found) return;
    const { groupId, streamIds } = found;
    seen.push(groupId);
    const left = new Set(await telemetry.logPurge.streamsLeft(groupId, streamIds));
    const gone = streamIds.filter((id) => !left.has(id));
    await removeStreams(db.kysely, gone);
    counts.streams += gone.length;
    if (left.size === 0) continue;
    await telemetry.logPurge.deleteStreams(groupId, [...left]);
    counts.rewrites += 1;
    return;
  }
}

/** What came in before the deletion has become metrics of traffic by then, also after a downtime. */
async function deletedBefore({ db, clock }: Deps): Promise<Date> {
  const now = clock.now();
  const counted = (await findPosition(db.kysely, "traffic", now)) ?? 0;
  return new Date(Math.min(now, counted) - graceMs);
}

async function purgeDays(deps: Deps, counts: PurgeCounts): Promise<void> {
  const { db, telemetry, clock } = deps;
  for (const { day, expired, isWhole } of await findExpiredDays(db.kysely, clock.now(), daysPerTurn)) {
    if (isWhole && (await telemetry.logPurge.dropDay(day, expired))) {
      await forgetDay(db.kysely, day);
      counts.days += 1;
      continue;
    }
    // An earlier rewrite may be done.
    const stored = new Set((await countDay(deps, day)).map(({ groupId }) => groupId));
    const left = expired.filter((id) => stored.has(id));
    if (left.length === 0) continue;
    await telemetry.logPurge.deleteGroupsOfDay(day, left);
    counts.rewrites += 1;
    return;
  }
}
