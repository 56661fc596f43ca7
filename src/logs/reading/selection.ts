import type { LogSelection, StoredLogEvent } from "../../telemetry/index.ts";
import { visibleFrom } from "../age-rules.ts";
import { getStream, type LogDirectory, type LogGroupEntry } from "../directory.ts";

/** Later than any event, and far within what the store's arithmetic holds. */
const endOfTimeMs = 10 ** 14;

/** What a group shows now of a range of time: nothing that is past retention, or of a deleted stream. */
export function selectionOf(
  group: LogGroupEntry,
  nowMs: number,
  range: { readonly fromMs?: number | undefined; readonly toMs?: number | undefined },
): Pick<LogSelection, "logGroupId" | "exceptStreamIds" | "fromMs" | "toMs"> {
  return {
    logGroupId: group.id,
    exceptStreamIds: group.deletedStreamIds,
    fromMs: Math.max(range.fromMs ?? 0, visibleFrom(nowMs, group.retentionDays)),
    toMs: Math.min(range.toMs ?? endOfTimeMs, endOfTimeMs),
  };
}

/** Nothing when no name is given: then all streams are meant. Throws `log_stream_not_found`. */
export async function findStreamIds(
  directory: LogDirectory,
  group: LogGroupEntry,
  names: readonly string[],
): Promise<number[] | undefined> {
  if (names.length === 0) return undefined;
  const streams = await Promise.all(names.map((name) => getStream(directory, group, name)));
  return streams.map(({ id }) => id);
}

/** The events with the names of their streams, without those whose stream was deleted a moment ago. */
export async function withStreamNames(
  directory: LogDirectory,
  group: LogGroupEntry,
  events: readonly StoredLogEvent[],
): Promise<(StoredLogEvent & { readonly stream: string })[]> {
  const ids = events.map(({ logStreamId }) => logStreamId);
  const names = await directory.streamNames(group, ids);
  return events.flatMap((event) => {
    const stream = names.get(event.logStreamId);
    return stream === undefined ? [] : [{ ...event, stream }];
  });
}
