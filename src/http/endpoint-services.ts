import type { AccessQuestion, AwsApi, Principal, RequestFacts, TrailRecorder } from "../contract/index.ts";
import type { SigV4Outcome, WireRequest } from "../protocols/index.ts";

/** What the endpoint listener calls, described by shape; whoever builds the server hands it in. */
export interface EndpointServices {
  /** By the service of their SigV4 scope, each served at `POST /`. */
  readonly apis: readonly AwsApi[];
  readonly accountId: string;
  readonly region: string;
  readonly identity: EndpointIdentity;
  readonly trail: TrailRecorder;
  /** Without it the paths that take log events are not there. */
  readonly ingest?: IngestService;
}

export interface EndpointIdentity {
  readonly signatures: {
    verify(request: WireRequest, options: { services: readonly string[] }): Promise<SigV4Outcome<Principal>>;
  };
  /** Throws `access_denied`. */
  authorize(principal: Principal, question: AccessQuestion, facts: RequestFacts): Promise<void> | void;
}

/** Log events by bearer key. This side only carries bytes; what they mean, and how an answer looks, is decided there. */
export interface IngestService {
  /** All that it answers, whatever the method. */
  readonly paths: readonly string[];
  /** From the head of the request alone, so that nothing of a refused body is ever read. */
  admit(head: IngestHead): Promise<Admission | IngestAnswer>;
  /** The answer to a request that is not even looked at: the server stops, or two headers contradict each other. */
  refuse(head: IngestHead, error: unknown): IngestAnswer;
}

export interface IngestHead {
  readonly method: string;
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  /** By name in lower case; each occurs once where it matters. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The socket's address. */
  readonly address: string;
  /** Whether the request came over TLS, to us or to a trusted proxy. */
  readonly secure: boolean;
  readonly requestId: string;
  /** Unknown for a chunked body. */
  readonly contentLength?: number | undefined;
}

export interface Admission {
  readonly needsBody: true;
  /** Of the body as sent, compressed or not. */
  readonly maxBodyBytes: number;
  accept(body: Buffer): Promise<IngestAnswer>;
  /** Told of bytes as they come. Throws when there is no room for more. */
  hold(bytes: number): void;
  /** What to answer when the body cannot be had: too long, cut off, or no room. */
  reject(error: unknown): IngestAnswer;
  /** Called once, after everything else, whatever happened. */
  release(): void;
}

export interface IngestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** Resolves when it may be told, or the sender is gone; nothing of the request needs to be kept until then. At once without it. */
  readonly tellable?: (gone: AbortSignal) => Promise<void>;
}
