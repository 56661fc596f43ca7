import type { Clock } from "../base/index.ts";
import type { RequestFacts } from "../contract/index.ts";
import type { WireRequest } from "../protocols/index.ts";
import type { AnswerStyle } from "./answers/answer.ts";
import { type Endpoint, mediaTypeOf } from "./endpoints.ts";

/** A request before its body: nothing decoded, header names in lower case, none of them twice where it matters. */
export interface IngestHead {
  readonly method: string;
  /** Still percent-encoded, without the query. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly address: string;
  /** Whether it came over TLS. */
  readonly secure: boolean;
  readonly requestId: string;
  /** Undefined for a body sent in chunks. */
  readonly contentLength?: number | undefined;
}

/** A request at one of our endpoints. */
export interface Call {
  readonly head: IngestHead;
  readonly endpoint: Endpoint;
  readonly query: URLSearchParams;
  readonly mediaType: string | undefined;
  readonly answers: AnswerStyle;
  readonly facts: RequestFacts;
  readonly startedAt: number;
}

export function describeCall(head: IngestHead, endpoint: Endpoint, clock: Clock): Call {
  const mediaType = mediaTypeOf(head.headers["content-type"]);
  return {
    head,
    endpoint,
    query: new URLSearchParams(head.query),
    mediaType,
    answers: endpoint.answers(mediaType),
    facts: {
      sourceIp: head.address,
      userAgent: head.headers["user-agent"] ?? "",
      secure: head.secure,
      nowMs: clock.now(),
    },
    startedAt: clock.monotonic(),
  };
}

/** As a signature covers it. */
export function wireRequest({ method, path, query, headers }: IngestHead, body: Uint8Array): WireRequest {
  return { method, path, query, headers, body };
}
