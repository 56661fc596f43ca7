import type { IngestRefusal } from "../refusal.ts";

export interface IngestAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** Resolves when it may be told, or the sender is gone; nothing of the request needs to be kept until then. At once without it. */
  readonly tellable?: (gone: AbortSignal) => Promise<void>;
}

/** Events that were too old, too new or past the group's retention. */
export interface AgeRejections {
  readonly tooOld: number;
  readonly tooNew: number;
  readonly expired: number;
}

/** How senders of one kind are answered. */
export interface AnswerStyle {
  /** Everything that is not in `rejected` is on disk. */
  accepted(rejected: AgeRejections): IngestAnswer;
  refused(refusal: IngestRefusal): IngestAnswer;
}

export function countRejected({ tooOld, tooNew, expired }: AgeRejections): number {
  return tooOld + tooNew + expired;
}

/** A string with JSON in it, spaced as in AWS's sample. */
export function rejectedText({ tooOld, tooNew, expired }: AgeRejections): string {
  return `{"tooOldLogEventCount": ${tooOld}, "tooNewLogEventCount": ${tooNew}, "expiredLogEventCount": ${expired}}`;
}

export function jsonAnswer(status: number, body: object): IngestAnswer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
