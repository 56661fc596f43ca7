import type { DropReason } from "../../contract/index.ts";
import type { FedSeries } from "../../telemetry/index.ts";

/** A request's body and what a receiver must be told about it. */
export interface Encoded {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** How points are said to a kind of receiver. */
export interface Encoder {
  encode(series: readonly FedSeries[]): Encoded;
  /** Points that were not taken though the request was, with the receiver's words. */
  rejected(answer: Buffer): { points: number; message: string };
}

export type Dropped = Readonly<Partial<Record<DropReason, number>>>;
