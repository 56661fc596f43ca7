import { AppError, isStorable } from "../base/index.ts";
import type { ChangeCounters, Database, LogGroupClass } from "../db/index.ts";
import { type ArnPlace, groupArn } from "./arns.ts";
import type { Arrivals } from "./arrivals.ts";
import { findGroupRow, findStreamNames, findStreamRow } from "./directory-queries.ts";
import { noSuchGroup } from "./groups.ts";
import { noSuchStream } from "./streams.ts";

export interface LogGroupEntry {
  readonly id: number;
  readonly name: string;
  /** Without the `:*` at the end. */
  readonly arn: string;
  /** Null: events are kept for ever. */
  readonly retentionDays: number | null;
  readonly bearerEnabled: boolean;
  readonly class: LogGroupClass;
  readonly tags: Readonly<Record<string, string>>;
  /** Of deleted streams whose events are not gone yet: no reader may show an event of theirs. */
  readonly deletedStreamIds: readonly number[];
}

export interface LogStreamEntry {
  readonly id: number;
  readonly name: string;
}

/**
 * Groups and streams as senders and readers need them: from memory, and at most half a second behind a change of any process.
 * What does not exist is never remembered, so what was just created is found at once. Throws `store_unavailable`.
 */
export interface LogDirectory {
  find(groupName: string): Promise<LogGroupEntry | undefined>;
  findStream(group: Pick<LogGroupEntry, "id">, streamName: string): Promise<LogStreamEntry | undefined>;
  /** Names of the group's living streams; those of other ids are absent. */
  streamNames(group: Pick<LogGroupEntry, "id">, ids: readonly number[]): Promise<Map<number, string>>;
  /** Times of events that were stored, in epoch milliseconds; they are written within a few seconds. */
  noteArrival: Arrivals["note"];
}

/** Groups are few by the limit of the server; of streams the busiest are kept. */
const groupsMax = 10_000;
const streamsMax = 50_000;

export function createDirectory(deps: {
  db: Pick<Database, "kysely">;
  counters: Pick<ChangeCounters, "current">;
  place: ArnPlace;
  arrivals: Pick<Arrivals, "note">;
}): LogDirectory {
  const { kysely } = deps.db;
  const groups = createRecent<string, LogGroupEntry>(groupsMax);
  const streams = createRecent<string, LogStreamEntry>(streamsMax);
  const names = createRecent<number, string>(streamsMax);
  let validAt = -1;

  /** Forgets everything after a change. What is read afterwards is at least as new as the count that is returned. */
  const refresh = async (): Promise<number> => {
    const { logs } = await deps.counters.current();
    if (logs > validAt) {
      for (const cache of [groups, streams, names]) cache.clear();
      validAt = logs;
    }
    return logs;
  };
  return {
    find: async (groupName) => {
      const count = await refresh();
      const known = groups.get(groupName);
      if (known) return known;
      const row = isStorable(groupName) ? await findGroupRow(kysely, groupName) : undefined;
      if (!row) return undefined;
      const entry: LogGroupEntry = {
        id: row.id,
        name: row.name,
        arn: groupArn(deps.place, row.name),
        retentionDays: row.retention_days,
        bearerEnabled: row.bearer_enabled,
        class: row.class,
        tags: row.tags,
        deletedStreamIds: row.deleted_stream_ids ?? [],
      };
      if (count === validAt) groups.set(groupName, entry);
      return entry;
    },
    findStream: async (group, streamName) => {
      const count = await refresh();
      const key = `${group.id}:${streamName}`;
      const known = streams.get(key);
      if (known) return known;
      const row = isStorable(streamName) ? await findStreamRow(kysely, group.id, streamName) : undefined;
      if (row && count === validAt) streams.set(key, row);
      return row;
    },
    streamNames: async (group, ids) => {
      const count = await refresh();
      const found = new Map<number, string>();
      const unknown: number[] = [];
      for (const id of new Set(ids)) {
        const name = names.get(id);
        if (name === undefined) unknown.push(id);
        else found.set(id, name);
      }
      for (const { id, name } of await findStreamNames(kysely, group.id, unknown)) {
        found.set(id, name);
        if (count === validAt) names.set(id, name);
      }
      return found;
    },
    noteArrival: deps.arrivals.note,
  };
}

/** Throws `log_group_not_found`. */
export async function getGroup(directory: Pick<LogDirectory, "find">, name: string): Promise<LogGroupEntry> {
  const group = await directory.find(name);
  if (!group) throw new AppError("log_group_not_found", { message: noSuchGroup });
  return group;
}

/** Throws `log_stream_not_found`. */
export async function getStream(
  directory: Pick<LogDirectory, "findStream">,
  group: Pick<LogGroupEntry, "id">,
  name: string,
): Promise<LogStreamEntry> {
  const stream = await directory.findStream(group, name);
  if (!stream) throw new AppError("log_stream_not_found", { message: noSuchStream });
  return stream;
}

/** A map of bounded size that drops what was not asked for the longest. */
function createRecent<Key, Value>(sizeMax: number) {
  const entries = new Map<Key, Value>();
  return {
    get: (key: Key): Value | undefined => {
      const value = entries.get(key);
      if (value !== undefined) {
        entries.delete(key);
        entries.set(key, value);
      }
      return value;
    },
    set: (key: Key, value: Value) => {
      entries.delete(key);
      entries.set(key, value);
      if (entries.size <= sizeMax) return;
      const [oldest] = entries.keys();
      entries.delete(oldest!);
    },
    clear: () => entries.clear(),
  };
}
