import { toAppError } from "../base/index.ts";
import type { ErrorCode } from "../contract/index.ts";

/** How one kind of refusal is told in each of the three languages of senders. */
interface RefusalSpec {
  readonly status: number;
  /** `__type` of AWS's JSON errors. */
  readonly aws: string;
  /** Code of google.rpc.Status. */
  readonly rpc: number;
  /** Splunk's code and text, and its status where that is another one. */
  readonly splunk: { readonly code: number; readonly text: string; readonly status?: number };
  readonly retryAfterMs?: number;
}

const unauthenticated = 16;
const permissionDenied = 7;
const invalidArgument = 3;
const invalidData = { code: 6, text: "Invalid data format" };
const invalidToken = { code: 4, text: "Invalid token", status: 403 };
const tokenDisabled = { code: 1, text: "Token disabled", status: 403 };
const incorrectIndex = { code: 7, text: "Incorrect index", status: 400 };
const busy = { code: 9, text: "Server is busy" };

export const refusals = {
  credentials_missing: {
    status: 401,
    aws: "MissingAuthenticationTokenException",
    rpc: unauthenticated,
    splunk: { code: 2, text: "Token is required" },
  },
  authorization_malformed: {
    status: 401,
    aws: "IncompleteSignatureException",
    rpc: unauthenticated,
    splunk: { code: 3, text: "Invalid authorization" },
  },
  key_unknown: {
    status: 401,
    aws: "UnrecognizedClientException",
    rpc: unauthenticated,
    splunk: invalidToken,
  },
  key_inactive: {
    status: 401,
    aws: "UnrecognizedClientException",
    rpc: unauthenticated,
    splunk: tokenDisabled,
  },
  key_expired: {
    status: 401,
    aws: "ExpiredTokenException",
    rpc: unauthenticated,
    splunk: invalidToken,
  },
  key_of_other_service: {
    status: 403,
    aws: "AccessDeniedException",
    rpc: permissionDenied,
    splunk: invalidToken,
  },
  signature_rejected: {
    status: 403,
    aws: "InvalidSignatureException",
    rpc: permissionDenied,
    splunk: invalidToken,
  },
  access_denied: {
    status: 403,
    aws: "AccessDeniedException",
    rpc: permissionDenied,
    splunk: invalidToken,
  },
  bearer_disabled: {
    status: 403,
    aws: "AccessDeniedException",
    rpc: permissionDenied,
    splunk: tokenDisabled,
  },
  target_invalid: {
    status: 400,
    aws: "InvalidParameterException",
    rpc: invalidArgument,
    splunk: incorrectIndex,
  },
  target_not_found: {
    status: 404,
    aws: "ResourceNotFoundException",
    rpc: 5,
    splunk: incorrectIndex,
  },
  header_invalid: {
    status: 400,
    aws: "InvalidParameterException",
    rpc: invalidArgument,
    splunk: invalidData,
  },
  body_empty: {
    status: 400,
    aws: "InvalidParameterException",
    rpc: invalidArgument,
    splunk: { code: 5, text: "No data" },
  },
  body_malformed: {
    status: 400,
    aws: "InvalidParameterException",
    rpc: invalidArgument,
    splunk: invalidData,
  },
  body_too_large: {
    status: 400,
    aws: "InvalidParameterException",
    rpc: invalidArgument,
    splunk: invalidData,
  },
  event_missing: {
    status: 400,
    aws: "InvalidParameterException",
    rpc: invalidArgument,
    splunk: { code: 12, text: "Event field is required" },
  },
  path_unknown: {
    status: 404,
    aws: "UnknownOperationException",
    rpc: 12,
    splunk: { code: 404, text: "The requested URL was not found on this server." },
  },
  timed_out: {
    status: 408,
    aws: "RequestTimeoutException",
    rpc: 4,
    splunk: busy,
  },
  headers_too_large: {
    status: 431,
    aws: "RequestHeaderFieldsTooLargeException",
    rpc: invalidArgument,
    splunk: invalidData,
  },
  method_not_allowed: {
    status: 405,
    aws: "UnsupportedOperationException",
    rpc: 12,
    splunk: { code: 6, text: "Method not allowed" },
  },
  rate_limited: {
    status: 429,
    aws: "ThrottlingException",
    rpc: 8,
    splunk: busy,
    retryAfterMs: 1_000,
  },
  overloaded: {
    status: 503,
    aws: "ServiceUnavailableException",
    rpc: 14,
    splunk: busy,
    retryAfterMs: 1_000,
  },
  internal: {
    status: 500,
    aws: "InternalServerException",
    rpc: 13,
    splunk: { code: 8, text: "Internal server error" },
  },
} as const satisfies Record<string, RefusalSpec>;

export type RefusalKind = keyof typeof refusals;

/**
 * Why a request is not accepted; nothing of it was stored. The message is for the sender: it never holds a token, and of the
 * body at most a position.
 */
export class IngestRefusal extends Error {
  readonly kind: RefusalKind;
  readonly spec: RefusalSpec;
  readonly retryAfterMs: number | undefined;

  /** `aws` is a more exact name than that of the kind. */
  constructor(
    kind: RefusalKind,
    message: string,
    options: { retryAfterMs?: number; cause?: unknown; aws?: string } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "IngestRefusal";
    this.kind = kind;
    this.spec = options.aws === undefined ? refusals[kind] : { ...refusals[kind], aws: options.aws };
    this.retryAfterMs = options.retryAfterMs ?? this.spec.retryAfterMs;
  }
}

const kindsOfErrors: Partial<Record<ErrorCode, RefusalKind>> = {
  access_denied: "access_denied",
  validation_failed: "target_invalid",
  limit_exceeded: "target_invalid",
  body_too_large: "body_too_large",
  malformed_request: "body_malformed",
  header_conflict: "header_invalid",
  unsupported_media_type: "header_invalid",
  headers_too_large: "headers_too_large",
  route_not_found: "path_unknown",
  method_not_allowed: "method_not_allowed",
  request_timed_out: "timed_out",
  rate_limited: "rate_limited",
  overloaded: "overloaded",
  store_unavailable: "overloaded",
  storage_full: "overloaded",
  shutting_down: "overloaded",
};

/** The text of the code says that nothing was changed; an insert whose answer never came may have been made. */
const storeTrouble =
  "A store does not answer or cannot write. The events may be stored or not: send the same request again, with an Idempotency-Key to have them stored once.";

/** What anything caught means to the sender; what nobody foresaw is `internal` and leaks nothing. */
export function toRefusal(error: unknown): IngestRefusal {
  if (error instanceof IngestRefusal) return error;
  const { code, message, retryAfterMs } = toAppError(error);
  const kind = kindsOfErrors[code];
  if (!kind)
    return new IngestRefusal(
      "internal",
      "An unexpected error. The request id finds it in the server's log.",
      {
        cause: error,
      },
    );
  return new IngestRefusal(kind, code === "store_unavailable" ? storeTrouble : message, {
    // Who is full says so often, and nobody else caused it.
    ...(code !== "overloaded" && { cause: error }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
