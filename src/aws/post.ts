import { type AddressPolicy, endpointHosts } from "./address-policy.ts";
import { createHttpHandler } from "./http.ts";
import type { Environment } from "./proxy.ts";

export interface Posted {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The first bytes of the answer's body. */
  readonly body: Buffer;
}

/** POST to URLs that users gave and that are no endpoints of AWS: under the same checks at connect time, through the server's proxy. */
export interface Poster {
  /** Rejects when no answer came. Follows no redirect. */
  post(
    url: string,
    request: {
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Uint8Array;
      readonly signal: AbortSignal;
    },
  ): Promise<Posted>;
  /** Closes idle sockets. */
  close(): void;
}
