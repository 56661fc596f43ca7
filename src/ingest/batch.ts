import type { AgeRejections } from "./answers/answer.ts";
import type { EventSink, SkipReason } from "./formats/sink.ts";
import { IngestRefusal } from "./refusal.ts";
import type { RejectionReason } from "./rejections.ts";

/** The store's side of a batch: rows are built as events are judged, so no event is kept as an object. */
export interface RowEncoder {
  addText(timestampMs: number, message: string): void;
  addBytes(timestampMs: number, body: Buffer, from: number, to: number): void;
}

export interface BatchLimits {
  readonly eventsMax: number;
  /** Of one message. */
  readonly eventBytesMax: number;
  /** Of all messages and 26 bytes for each, as AWS counts; undefined where the body itself is bounded. */
  readonly storedBytesMax: number | undefined;
  /** Between the first and the last event that is accepted; undefined for any. */
  readonly spanMsMax: number | undefined;
}

export interface BatchResult {
  readonly accepted: number;
  /** Of the messages that were accepted. */
  readonly bytes: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly rejected: AgeRejections;
  /** What is told of to the group's owner, with the beginning of the last of each kind. */
  readonly left: readonly LeftOut[];
}

export interface LeftOut {
  readonly reason: RejectionReason;
  readonly count: number;
  readonly sample: string;
}

export type AgeVerdict = "ok" | "too_old" | "too_new" | "expired";

/** AWS counts every event as so many bytes more than its message has in UTF-8. */
const eventOverheadBytes = 26;
const sampleBytesMax = 400;

/**
 * Judges the events of one request as a format finds them. The server's clock stands still meanwhile: events without a time share
 * one. Throws IngestRefusal as soon as a limit is passed; what was encoded until then is dropped with the request.
 */
export function createBatch(deps: {
  encoder: RowEncoder;
  nowMs: number;
  judge: (timestampMs: number) => AgeVerdict;
  limits: BatchLimits;
}): { sink: EventSink; finish(): BatchResult } {
  const { encoder, nowMs, judge, limits } = deps;
  const left = new Map<RejectionReason, { count: number; sample: () => string }>();
  let events = 0;
  let accepted = 0;
  let bytes = 0;
  let storedBytes = 0;
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = Number.NEGATIVE_INFINITY;

  const leaveOut = (reason: RejectionReason, sample: () => string) => {
    const known = left.get(reason);
    if (known) {
      known.count += 1;
      known.sample = sample;
    } else left.set(reason, { count: 1, sample });
  };
  /** Why the event is not to be stored, if so. */
  const admit = (timestampMs: number, size: number): RejectionReason | undefined => {
    events += 1;
    storedBytes += size + eventOverheadBytes;
    checkLimits(size);
    if (size === 0) return "empty";
    const verdict = judge(timestampMs);
    if (verdict !== "ok") return verdict;
    accepted += 1;
    bytes += size;
    if (timestampMs < firstMs) firstMs = timestampMs;
    if (timestampMs > lastMs) lastMs = timestampMs;
    return undefined;
  };
  const checkLimits = (size: number) => {
    if (events > limits.eventsMax) throw tooLarge(`More than ${limits.eventsMax} events in one request.`);
    if (size > limits.eventBytesMax)
      throw tooLarge(
        `Event ${events} has ${size} bytes, which exceeds the limit of ${limits.eventBytesMax} for one event.`,
      );
    if (limits.storedBytesMax !== undefined && storedBytes > limits.storedBytesMax)
      throw tooLarge(
        `The messages and ${eventOverheadBytes} bytes for each exceed the limit of ${limits.storedBytesMax} bytes.`,
      );
  };
  return {
    sink: {
      addText: (timestampMs = nowMs, message) => {
        const reason = admit(timestampMs, Buffer.byteLength(message));
        if (reason === undefined) encoder.addText(timestampMs, message);
        else leaveOut(reason, () => message);
      },
      addBytes: (timestampMs = nowMs, body, from, to) => {
        const reason = admit(timestampMs, to - from);
        if (reason === undefined) encoder.addBytes(timestampMs, body, from, to);
        else leaveOut(reason, () => beginning(body, from, to));
      },
      skip: (reason: SkipReason, body, from, to) => {
        // Counted too, as a megabyte of nothing would cost as much time as events.
        events += 1;
        checkLimits(0);
        leaveOut(reason, () => beginning(body, from, to));
      },
    },
    finish: () => {
      if (limits.spanMsMax !== undefined && lastMs - firstMs > limits.spanMsMax)
        throw tooLarge(`The events of one request span more than ${limits.spanMsMax / 3_600_000} hours.`);
      const count = (reason: RejectionReason) => left.get(reason)?.count ?? 0;
      return {
        accepted,
        bytes,
        firstMs,
        lastMs,
        rejected: { tooOld: count("too_old"), tooNew: count("too_new"), expired: count("expired") },
        left: [...left].map(([reason, one]) => ({ reason, count: one.count, sample: one.sample() })),
      };
    },
  };
}

function beginning(body: Buffer, from: number, to: number): string {
  return body.toString("utf8", from, Math.min(to, from + sampleBytesMax));
}

function tooLarge(message: string): IngestRefusal {
  return new IngestRefusal("body_too_large", message);
}
