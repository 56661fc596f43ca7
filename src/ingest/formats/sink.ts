/** Why a part of a body is left out while the rest is stored. */
export type SkipReason =
  /** A line that is no JSON, or is nested too deeply. */
  | "invalid_json"
  /** A value that is no object where only objects are events. */
  | "not_an_object"
  /** An object of the HEC format without `event`. */
  | "event_missing"
  /** What follows the first value of a body that may hold only one. */
  | "extra_value"
  /** A message of no characters, which no store of AWS's takes either. */
  | "empty";

/**
 * Takes the events of one body in their order. A time is in epoch milliseconds, whole; without one the server's clock counts. It
 * throws IngestRefusal when the body goes beyond a limit.
 */
export interface EventSink {
  addText(timestampMs: number | undefined, message: string): void;
  /** The message is a stretch of the body: UTF-8 that was checked before. */
  addBytes(timestampMs: number | undefined, body: Buffer, from: number, to: number): void;
  /** A stretch of the body that is no event. */
  skip(reason: SkipReason, body: Buffer, from: number, to: number): void;
}
