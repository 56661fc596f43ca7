import type { Store } from "./store.ts";

/**
 * Removes log events for good. Days are those of ingestion, since 1970. Deleting is a rewrite in the background that goes on
 * after a restart; dropping a day is done when it resolves. All of it may be repeated.
 */
export interface LogPurge {
  /** Days of which something is stored. */
  days(): Promise<number[]>;
  /** Whether rewrites are under way that get on: then no further one should be asked for. */
  isRewriting(): Promise<boolean>;
  /**
   * Gives up the rewrites that fail, which the store would try again for ever, and hold up others behind them. Parts that were
   * rewritten stay so. The reasons that the store gave.
   */
  giveUpFailing(): Promise<string[]>;
  /** Drops a whole day, unless it holds an event of another group than these: then nothing is done and it says false. */
  dropDay(day: number, logGroupIds: readonly number[]): Promise<boolean>;
  /** Deletes what the groups have of the day. */
  deleteGroupsOfDay(day: number, logGroupIds: readonly number[]): Promise<void>;
  deleteGroups(logGroupIds: readonly number[]): Promise<void>;
  deleteStreams(logGroupId: number, logStreamIds: readonly number[]): Promise<void>;
  /** The same where nobody knows the group any more; it has to look through all events. */
  deleteStrayStreams(logStreamIds: readonly number[]): Promise<void>;
  /** Those of the groups of which anything is still stored. */
  groupsLeft(logGroupIds: readonly number[]): Promise<number[]>;
  streamsLeft(logGroupId: number, logStreamIds: readonly number[]): Promise<number[]>;
}

const unfinished = "database = currentDatabase() AND table = 'log_events' AND NOT is_done";

/** Counting in old days reads one small column of them. */
const limits = { timeMsMax: 120_000 };

export function createLogPurge(store: Store): LogPurge {
  const rewrite = (where: string, partition = "") =>
    store.command(`ALTER TABLE log_events DELETE ${partition} WHERE ${where}`);
  return {
    days: async () => {
      const rows = await store.select<{ day: number }>(
        `SELECT DISTINCT toInt32(partition) AS day FROM system.parts
        WHERE database = currentDatabase() AND table = 'log_events' AND active ORDER BY day`,
      );
      return rows.map(({ day }) => day);
    },
    isRewriting: async () => {
      const [row] = await store.select<{ count: number }>(
        `SELECT count() AS count FROM system.mutations
        WHERE ${unfinished} AND latest_fail_reason = ''`,
      );
      return (row?.count ?? 0) > 0;
    },
    giveUpFailing: async () => {
      // Nothing but what is asked for here: a failing change of a column would be another matter.
      const failing = `${unfinished} AND latest_fail_reason != '' AND match(command, '^[(]?DELETE ')`;
      const rows = await store.select<{ reason: string }>(
        `SELECT latest_fail_reason AS reason FROM system.mutations WHERE ${failing}`,
      );
      if (rows.length > 0) await store.command(`KILL MUTATION WHERE ${failing}`);
      return rows.map(({ reason }) => reason);
    },
    dropDay: async (day, logGroupIds) => {
      const [row] = await store.select<{ others: number }>(
        `SELECT count() AS others FROM log_events
        WHERE intDiv(ingestion_time, 86400000) = {day:Int64}
          AND log_group_id NOT IN (SELECT arrayJoin({groups:Array(UInt32)}))`,
        { day, groups: logGroupIds },
        limits,
      );
      if (row?.others !== 0) return false;
      await store.command(`ALTER TABLE log_events DROP PARTITION ${wholeNumbers([day])}`);
      return true;
    },
    deleteGroupsOfDay: (day, logGroupIds) =>
      rewrite(`log_group_id IN (${wholeNumbers(logGroupIds)})`, `IN PARTITION ${wholeNumbers([day])}`),
    deleteGroups: (logGroupIds) => rewrite(`log_group_id IN (${wholeNumbers(logGroupIds)})`),
    deleteStreams: (logGroupId, logStreamIds) =>
      rewrite(
        `log_group_id = ${wholeNumbers([logGroupId])} AND log_stream_id IN (${wholeNumbers(logStreamIds)})`,
      ),
    deleteStrayStreams: (logStreamIds) => rewrite(`log_stream_id IN (${wholeNumbers(logStreamIds)})`),
    groupsLeft: async (logGroupIds) => {
      const rows = await store.select<{ id: number }>(
        `SELECT DISTINCT log_group_id AS id FROM log_events
        WHERE log_group_id IN (SELECT arrayJoin({groups:Array(UInt32)})) ORDER BY id`,
        { groups: logGroupIds },
        limits,
      );
      return rows.map(({ id }) => id);
    },
    streamsLeft: async (logGroupId, logStreamIds) => {
      const rows = await store.select<{ id: number }>(
        `SELECT DISTINCT log_stream_id AS id FROM log_events
        WHERE log_group_id = {group:UInt32} AND log_stream_id IN (SELECT arrayJoin({streams:Array(UInt64)}))
        ORDER BY id`,
        { group: logGroupId, streams: logStreamIds },
        limits,
      );
      return rows.map(({ id }) => id);
    },
  };
}

/** Numbers of ours as text: commands take no parameters. */
function wholeNumbers(numbers: readonly number[]): string {
  if (numbers.length === 0 || !numbers.every((number) => Number.isSafeInteger(number) && number >= 0))
    throw new RangeError("Expected whole numbers, at least one.");
  return numbers.join(", ");
}
