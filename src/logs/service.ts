import { AppError, type Clock, isStorable } from "../base/index.ts";
import {
  type AccessQuestion,
  type LogEventsInput,
  type LogEventsResult,
  type LogGroup,
  type LogGroupInput,
  type LogGroupListQuery,
  type LogStream,
  type LogStreamListQuery,
  type Page,
  pageOf,
} from "../contract/index.ts";
import type { Database } from "../db/index.ts";
import type { AgeVerdict } from "./age-rules.ts";
import { type Access, requestTags } from "./api/operation.ts";
import { type ArnPlace, groupArn } from "./arns.ts";
import {
  getGroup,
  getStream,
  type LogDirectory,
  type LogGroupEntry,
  type LogStreamEntry,
} from "./directory.ts";
import { findLastEvent, type GroupRow, pageGroups } from "./group-queries.ts";
import type { Groups } from "./groups.ts";
import type { Put, RequestName } from "./put.ts";
import { findStream, pageStreams, type StreamRow } from "./stream-queries.ts";
import { noSuchStream, type Streams } from "./streams.ts";

/** Groups, streams and sending, for the console and the CLI. Throws the codes that the contract names. */
export interface LogsService {
  groups(query: LogGroupListQuery): Promise<Page<LogGroup>>;
  group(name: string): Promise<LogGroup>;
  createGroup(input: LogGroupInput, authorize: Authorize): Promise<LogGroup>;
  setRetention(name: string, days: number | null): Promise<LogGroup>;
  setBearerTokenAuthentication(name: string, enabled: boolean): Promise<LogGroup>;
  setDeletionProtection(name: string, enabled: boolean): Promise<LogGroup>;
  deleteGroup(name: string): Promise<void>;
  streams(query: LogStreamListQuery): Promise<Page<LogStream>>;
  createStream(group: string, name: string): Promise<LogStream>;
  deleteStream(group: string, name: string): Promise<void>;
  /** With `once` a request that is sent again stores nothing again. */
  putEvents(input: LogEventsInput, authorize: Authorize, once?: Once): Promise<LogEventsResult>;
}

/** Runs the work of a request, telling it its name; a repetition shares the outcome. */
export type Once = <Result>(
  target: { groupId: number; streamId: number },
  work: (digest: bigint, isStored: boolean) => Promise<Result>,
) => Promise<Result>;

/** For what a request needs besides the permission of its route; knows its caller and its facts. Throws `access_denied`. */
export type Authorize = (question: AccessQuestion) => Promise<void>;

export function createLogsService(deps: {
  db: Pick<Database, "kysely">;
  groups: Groups;
  streams: Streams;
  directory: LogDirectory;
  put: Put;
  access: Access;
  place: ArnPlace;
  clock: Clock;
}): LogsService {
  const { groups, streams, place } = deps;
  const { kysely } = deps.db;
  const group = async (name: string): Promise<LogGroup> => {
    const row = await groups.get(name);
    return describeGroup(place, row, await findLastEvent(kysely, row.id));
  };
  const changed = async (name: string, change: Promise<void>) => {
    await change;
    return group(name);
  };
  return {
    groups: async ({ text, orderBy, descending, offset, limit }) => {
      if (text !== undefined && !isStorable(text)) return pageOf([], { offset, limit }, 0);
      const { rows, total } = await pageGroups(kysely, { text }, { orderBy, descending, offset, limit });
      const items = rows.map((row) => describeGroup(place, row, row.last_event_ms));
      return pageOf(items, { offset, limit }, total);
    },
    group,
    createGroup: async (input, authorize) => {
      await authorizeCreation(deps, input, authorize);
      await groups.create({
        name: input.name,
        retentionDays: input.retentionDays,
        bearerEnabled: input.bearerTokenAuthenticationEnabled,
        deletionProtection: input.deletionProtectionEnabled,
        tags: input.tags,
      });
      return group(input.name);
    },
    setRetention: (name, days) => changed(name, groups.setRetention(name, days)),
    setBearerTokenAuthentication: (name, enabled) => changed(name, groups.setBearer(name, enabled)),
    setDeletionProtection: (name, enabled) => changed(name, groups.setDeletionProtection(name, enabled)),
    deleteGroup: groups.remove,
    streams: async ({ group: groupName, prefix, orderBy, descending, offset, limit }) => {
      const { id: groupId } = await groups.get(groupName);
      if (prefix !== undefined && !isStorable(prefix)) return pageOf([], { offset, limit }, 0);
      const order = orderBy === "name" ? "name" : "lastEvent";
      const list = { groupId, prefix, orderBy: order, descending } as const;
      const { rows, total } = await pageStreams(kysely, list, { offset, limit });
      return pageOf(rows.map(describeStream), { offset, limit }, total);
    },
    createStream: async (groupName, name) => {
      await streams.create(groupName, name);
      const { id } = await groups.get(groupName);
      const row = await findStream(kysely, id, name);
      if (!row) throw new AppError("log_stream_not_found", { message: noSuchStream });
      return describeStream(row);
    },
    deleteStream: streams.remove,
    putEvents: async (input, authorize, once) => {
      const { group: target, stream } = await findTarget(deps, input, authorize);
      const store = async (name?: RequestName): Promise<LogEventsResult> => {
        const now = deps.clock.now();
        const events = input.events.map(({ timestampMs, message }) => ({
          timestamp: timestampMs ?? now,
          message,
        }));
        const { verdicts } = await deps.put(target, stream, events, { inOrder: false, name });
        const count = (verdict: AgeVerdict) => verdicts.filter((each) => each === verdict).length;
        return {
          accepted: count("ok"),
          rejected: { tooOld: count("too_old"), tooNew: count("too_new"), expired: count("expired") },
        };
      };
      if (!once) return store();
      return once({ groupId: target.id, streamId: stream.id }, (digest, isStored) =>
        store({ digest, isStored }),
      );
    },
  };
}

type Deps = Parameters<typeof createLogsService>[0];

/** What has an action of its own needs that action's permission also when it is asked for with the group. */
async function authorizeCreation(
  { access, place }: Deps,
  input: LogGroupInput,
  authorize: Authorize,
): Promise<void> {
  const { name, tags } = input;
  if (typeof input.retentionDays === "number")
    await authorize(await access.group("PutRetentionPolicy", name));
  if (input.bearerTokenAuthenticationEnabled)
    await authorize(await access.group("PutBearerTokenAuthentication", name));
  if (input.deletionProtectionEnabled)
    await authorize(await access.group("PutLogGroupDeletionProtection", name));
  if (Object.keys(tags).length > 0)
    await authorize(await access.taggedGroup("TagResource", groupArn(place, name), requestTags(tags)));
}

/** Group and stream to send to; made when that is asked for and they are missing. */
async function findTarget(
  deps: Deps,
  { group: groupName, stream: streamName, createMissing }: LogEventsInput,
  authorize: Authorize,
): Promise<{ group: LogGroupEntry; stream: LogStreamEntry }> {
  const { access, directory, groups, streams } = deps;
  if (createMissing && !(await directory.find(groupName))) {
    await authorize(await access.group("CreateLogGroup", groupName));
    await unlessThere(groups.create({ name: groupName }));
  }
  const group = await getGroup(directory, groupName);
  if (createMissing && !(await directory.findStream(group, streamName))) {
    await authorize(await access.stream("CreateLogStream", groupName, streamName));
    await unlessThere(streams.create(groupName, streamName));
  }
  const stream = await getStream(directory, group, streamName);
  return { group, stream };
}

/** Somebody else may have made it meanwhile. */
async function unlessThere(creation: Promise<void>): Promise<void> {
  try {
    await creation;
  } catch (error) {
    if (!(error instanceof AppError && error.code === "name_taken")) throw error;
  }
}

function describeGroup(place: ArnPlace, row: GroupRow, lastEventMs: number | null): LogGroup {
  return {
    name: row.name,
    arn: groupArn(place, row.name),
    createdAt: row.created_at.toISOString(),
    retentionDays: row.retention_days,
    bearerTokenAuthenticationEnabled: row.bearer_enabled,
    deletionProtectionEnabled: row.deletion_protection,
    storedBytes: row.stored_bytes,
    tags: row.tags,
    lastEventAt: isoTime(lastEventMs),
  };
}

function describeStream(row: StreamRow): LogStream {
  return {
    name: row.name,
    createdAt: row.created_at.toISOString(),
    firstEventAt: isoTime(row.first_event_ms),
    lastEventAt: isoTime(row.last_event_ms),
    lastIngestionAt: isoTime(row.last_ingestion_ms),
  };
}

function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
