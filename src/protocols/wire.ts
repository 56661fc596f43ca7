/** One HTTP request as it came over the wire: nothing decoded, header names in lower case. */
export interface WireRequest {
  readonly method: string;
  /** Path as sent, still percent-encoded, without the query string. */
  readonly path: string;
  /** Query string as sent, without the question mark. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Bounds that hold before anything is built from the bytes. */
export interface WireLimits {
  readonly bodyBytesMax: number;
  /** Nesting of lists and structures; also the number of dots in the name of a query parameter. */
  readonly depthMax: number;
  readonly parametersMax: number;
}

/**
 * A GetMetricData call with 500 queries of a dozen parameters each has 6,000 of them; 20,000 leaves room
 * for metrics with many dimensions.
 */
export const defaultWireLimits: WireLimits = {
  bodyBytesMax: 1_048_576,
  depthMax: 64,
  parametersMax: 20_000,
};
