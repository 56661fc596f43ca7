import { AppError, type Clock } from "../base/index.ts";
import { type EncodedLogEvents, type LogEvents, logEventOverheadBytes } from "../telemetry/index.ts";
import { type AgeVerdict, dayMs, judge } from "./age-rules.ts";
import type { LogDirectory, LogGroupEntry, LogStreamEntry } from "./directory.ts";

export interface NewLogEvent {
  readonly timestamp: number;
  readonly message: string;
}

export interface PutResult {
  readonly ingestionMs: number;
  /** Of the events in their order. */
  readonly verdicts: readonly AgeVerdict[];
}

/** By which a request that is sent again is known. */
export interface RequestName {
  readonly digest: bigint;
  /** Then its events are only judged. */
  readonly isStored: boolean;
}

/** Of one event and of one request alike. */
const requestBytesMax = 1_048_576;

/**
 * Stores events whose names and sizes were checked; resolves when they are on disk. Those that are too old, too new or expired
 * are left out. Order in time (`inOrder`) is asked of a sender by PutLogEvents only. Throws `validation_failed` in AWS's words,
 * `store_unavailable`, `storage_full`.
 */
export function createPut(deps: {
  telemetry: { readonly logEvents: Pick<LogEvents, "encoder" | "append"> };
  directory: Pick<LogDirectory, "noteArrival">;
  clock: Clock;
}) {
  const { clock, directory } = deps;
  const { logEvents } = deps.telemetry;
  return async (
    group: LogGroupEntry,
    stream: LogStreamEntry,
    events: readonly NewLogEvent[],
    options: {
      readonly inOrder: boolean;
      readonly entity?: string | undefined;
      readonly name?: RequestName | undefined;
    },
  ): Promise<PutResult> => {
    const bytes = checkSizes(events);
    if (options.inOrder) checkOrder(events);
    const ingestionMs = clock.now();
    const verdicts = events.map(({ timestamp }) => judge(timestamp, ingestionMs, group.retentionDays));
    const valid = events.filter((_event, index) => verdicts[index] === "ok");
    if (valid.length === 0 || options.name?.isStored) return { ingestionMs, verdicts };
    const { first, last } = rangeOf(valid);
    if (options.inOrder && last - first > dayMs)
      throw invalid(
        "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.",
      );
    await logEvents.append(encode(valid)).catch(orStored);
    directory.noteArrival(stream.id, { first, last, ingestion: ingestionMs });
    return { ingestionMs, verdicts };

    function encode(accepted: readonly NewLogEvent[]): EncodedLogEvents {
      const encoder = logEvents.encoder(
        {
          logGroupId: group.id,
          logStreamId: stream.id,
          ingestionTimeMs: ingestionMs,
          ...(options.name && { idempotencyKey: options.name.digest }),
          ...(options.entity === undefined ? {} : { entity: options.entity }),
        },
        bytes,
      );
      for (const { timestamp, message } of accepted) encoder.addText(timestamp, message);
      return encoder.finish();
    }
  };
}

/** A write that failed on its way back may have been made. */
function orStored(error: unknown): never {
  if (!(error instanceof AppError)) throw error;
  throw new AppError(error.code, {
    message: "A store does not answer or cannot write. The events may be stored or not; send them again.",
    detail: error.detail,
    cause: error,
  });
}

export type Put = ReturnType<typeof createPut>;

/** The bytes of all events. */
function checkSizes(events: readonly NewLogEvent[]): number {
  let total = 0;
  for (const { message } of events) {
    const bytes = Buffer.byteLength(message) + logEventOverheadBytes;
    if (bytes > requestBytesMax)
      throw invalid(`Log event too large: ${bytes} bytes exceeds limit of ${requestBytesMax}`);
    total += bytes;
  }
  if (total > requestBytesMax)
    throw invalid(`Upload too large: ${total} bytes exceeds limit of ${requestBytesMax}`);
  return total;
}

function checkOrder(events: readonly NewLogEvent[]): void {
  for (const [index, { timestamp }] of events.entries()) {
    if (index > 0 && timestamp < events[index - 1]!.timestamp)
      throw invalid("Log events in a single PutLogEvents request must be in chronological order.");
  }
}

function rangeOf(events: readonly NewLogEvent[]): { first: number; last: number } {
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const { timestamp } of events) {
    first = Math.min(first, timestamp);
    last = Math.max(last, timestamp);
  }
  return { first, last };
}

function invalid(message: string): AppError {
  return new AppError("validation_failed", { message });
}
