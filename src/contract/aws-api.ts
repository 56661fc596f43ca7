import type { Principal } from "./identity.ts";

/** One call of an AWS API as its handler sees it, whichever protocol it came by. */
export interface AwsCall {
  readonly principal: Principal;
  readonly accountId: string;
  /** The server's region: it stands in ARNs, whatever region the caller signed for. */
  readonly region: string;
  /** Also the `x-amzn-RequestId` of the answer, and in the audit record. */
  readonly requestId: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  /** Whether the request came over TLS. */
  readonly secure: boolean;
}

/** Values of condition keys; a set is an array. */
export type ContextValue = string | number | boolean | readonly string[];

/** What a policy has to allow: an action on a resource, and what is known of the request besides its caller. */
export interface AccessQuestion {
  /** As `logs:PutLogEvents`. */
  readonly action: string;
  /** An ARN, or `*` where the action knows no resources. */
  readonly resource: string;
  /** By the name of the condition key, as `iam:ServiceSpecificCredentialAgeDays`; those of the caller and the request are added. */
  readonly context?: Readonly<Record<string, ContextValue>>;
  /** Set for what needs no Allow; a Deny binds all the same. */
  readonly unlessDenied?: true;
}

/** What policies may ask about a request besides caller, action and resource. */
export interface RequestFacts {
  readonly sourceIp: string;
  readonly userAgent: string;
  /** Whether the request came over TLS. */
  readonly secure: boolean;
  readonly nowMs: number;
}

/** A resource as a CloudTrail record names it. */
export interface AwsResource {
  readonly type: string;
  readonly ARN: string;
}

/**
 * One operation of an AWS API: what has to be allowed, what it does, and what of it is recorded. Input and output have the
 * shapes of the SDK's schemas: dates are `Date`, absent members are undefined. Errors are thrown as ProtocolError.
 */
export interface AwsOperation<Input, Output extends object> {
  /** True when it changes nothing; the audit record says so. */
  readonly readOnly: boolean;
  /** `none` for data calls such as PutLogEvents, of which AWS makes no management event either. */
  readonly audit: "management" | "none";
  /** Every question has to be allowed before `handle` is called; none for what every known caller may do. */
  readonly access: (
    input: Input,
    call: AwsCall,
  ) => readonly AccessQuestion[] | Promise<readonly AccessQuestion[]>;
  readonly handle: (input: Input, call: AwsCall) => Output | Promise<Output>;
  /** Members, at any depth of input and output, whose values must not be recorded. */
  readonly secretMembers?: readonly string[];
  /** Set for a read whose answer is recorded like that of a change: others are as large as what they read, and change nothing. */
  readonly recordsAnswer?: true;
  /** What the call is about, for the audit record. */
  readonly resources?: (
    input: Input,
    call: AwsCall,
  ) => readonly AwsResource[] | Promise<readonly AwsResource[]>;
}

/** Operations of one service by their AWS names, with the types of input and output forgotten. */
export interface AwsApi {
  readonly service: "iam" | "sts" | "logs" | "cloudtrail";
  readonly operations: Readonly<Record<string, AwsOperation<never, object>>>;
}
