import { type ConnectionLimits, defaultConnectionLimits } from "./connections.ts";

/** What one listener bears. */
export interface ServerLimits {
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly bodyBytesMax: number;
  readonly requestsInFlightMax: number;
  readonly connections: ConnectionLimits;
  /** How long a stop goes on refusing what comes over open connections, before it closes them. */
  readonly lastRequestsMs: number;
}

export const defaultLimits: ServerLimits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  bodyBytesMax: 1024 * 1024,
  requestsInFlightMax: 512,
  connections: defaultConnectionLimits,
  lastRequestsMs: 0,
};
