import type { AwsResource } from "./aws-api.ts";

/** Who called, as a CloudTrail record says it. */
export interface TrailIdentity {
  readonly type: "Root" | "IAMUser";
  readonly principalId: string;
  readonly arn: string;
  readonly accountId: string;
  readonly userName?: string;
  /** Set when an access key signed the request. */
  readonly accessKeyId?: string;
  /** Set when that key is a temporary one. */
  readonly sessionContext?: {
    readonly attributes: { readonly creationDate: string; readonly mfaAuthenticated: "false" };
  };
  /** Set when a bearer token proved the caller: the id of the service-specific credential. */
  readonly credentialId?: string;
}

/**
 * What happened, before the trail gives it an id: the variable part of a CloudTrail record (version 1.11). It never holds
 * a secret, a token or a log message.
 */
export interface TrailEventInput {
  readonly eventTimeMs: number;
  readonly eventSource: string;
  readonly eventName: string;
  readonly userIdentity: TrailIdentity;
  readonly sourceIPAddress: string;
  readonly userAgent: string;
  readonly requestId: string;
  readonly readOnly: boolean;
  readonly eventCategory: "Management" | "Data";
  readonly requestParameters: Readonly<Record<string, unknown>> | null;
  readonly resources: readonly AwsResource[];
  readonly additionalEventData?: Readonly<Record<string, unknown>>;
  readonly apiVersion?: string;
  readonly tlsDetails?: Readonly<Record<string, string>>;
}

export interface TrailEventResult {
  readonly responseElements?: Readonly<Record<string, unknown>> | null;
  /** As `AccessDenied`. */
  readonly errorCode?: string;
  readonly errorMessage?: string;
}

/** Records of who did what. Each resolved promise means: on disk. Throws `store_unavailable`, `storage_full`. */
export interface TrailRecorder {
  /**
   * For a call that changes something: the intent is on disk before the call is made, so that no change is ever without a
   * record. `finish` completes the record with the outcome.
   */
  begin(event: TrailEventInput): Promise<{ finish(result: TrailEventResult): Promise<void> }>;
  /** For a call that is over: a read, or one that was refused. */
  write(event: TrailEventInput, result: TrailEventResult): Promise<void>;
  /** For uses of API keys: recorded within a second or so, from a bounded queue; what does not fit is counted as lost. */
  note(event: TrailEventInput, result: TrailEventResult): void;
}
