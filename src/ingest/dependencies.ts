import type { Clock, Log } from "../base/index.ts";
import type { AccessQuestion, Principal, RequestFacts, TrailRecorder } from "../contract/index.ts";
import type { Database } from "../db/index.ts";
import type { BearerOutcome } from "../identity/index.ts";
import type { LogDirectory } from "../logs/index.ts";
import type { Authorization, SigV4Failure, SigV4Outcome, WireRequest } from "../protocols/index.ts";
import type { LogEvents } from "../telemetry/index.ts";
import type { HlcMessage } from "./formats/hlc/decode.ts";
import type { RefusalKind } from "./refusal.ts";

/** Who calls, and what they may do. None of it asks a database for a request that is refused. */
export interface IngestIdentity {
  readonly bearer: { resolve(token: string): Promise<BearerOutcome> };
  readonly signatures: {
    verify(request: WireRequest, options: { services: readonly string[] }): Promise<SigV4Outcome<Principal>>;
    /** Why no signature of the key that a request claims could be accepted. */
    refuse(claim: Pick<Authorization, "accessKeyId" | "sessionToken">): Promise<SigV4Failure | undefined>;
  };
  /** Throws `access_denied`. */
  authorize(principal: Principal, question: AccessQuestion, facts: RequestFacts): void | Promise<void>;
}

/** Makes what a sender names and what is not there; throws `name_taken` when another request was faster. */
export interface MissingTargets {
  /** With API keys allowed. */
  createGroup(name: string): Promise<void>;
  createStream(group: string, stream: string): Promise<void>;
}

/** One request that is over. */
export interface IngestObservation {
  readonly format: string;
  readonly status: number;
  readonly refusal?: RefusalKind;
  readonly events: number;
  /** Of the messages that were stored. */
  readonly bytes: number;
  readonly left: readonly { readonly reason: string; readonly count: number }[];
  readonly durationMs: number;
}

export interface IngestOptions {
  /** For requests under way. */
  readonly memoryBytesMax: number;
  /** Of one key; 0: no limit. */
  readonly requestsPerSecond: number;
  /** Of a body after it was inflated; for OTLP of what is stored of it. */
  readonly requestBytesMax: number;
  /** Of a message of the three JSON formats. */
  readonly eventBytesMax: number;
  readonly hlcMessage: HlcMessage;
  readonly hecDefaultGroup: string | undefined;
  readonly hecDefaultStream: string | undefined;
  /** Whether HEC's `?token=` is read. */
  readonly hecQueryToken: boolean;
  /** Whether a use of a key is on disk in the audit records before its events are taken. */
  readonly strictAudit: boolean;
}

export interface IngestDeps {
  readonly identity: IngestIdentity;
  readonly logs: { readonly directory: Pick<LogDirectory, "find" | "findStream" | "noteArrival"> };
  /** Undefined: nothing is ever made for a sender. */
  readonly missingTargets: MissingTargets | undefined;
  readonly trail: TrailRecorder;
  readonly telemetry: { readonly logEvents: LogEvents };
  readonly db: Pick<Database, "kysely" | "kind">;
  readonly clock: Clock;
  readonly log: Log;
  readonly accountId: string;
  readonly region: string;
  readonly options: IngestOptions;
  readonly observe?: (request: IngestObservation) => void;
}
