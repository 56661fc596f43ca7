import type { AppError } from "../../base/index.ts";
import { type ErrorCode, errorCodes } from "../../contract/index.ts";
import { type AuthenticationStyle, ProtocolError } from "../../protocols/index.ts";

type Row = readonly [code: string, status: number];

/** Names of the common errors: services that speak JSON put `Exception` behind most of them and answer 400 where others say 403. */
const rows: Readonly<Record<"query" | "json", Readonly<Record<Kind, Row>>>> = {
  query: {
    denied: ["AccessDenied", 403],
    throttled: ["Throttling", 400],
    tooLarge: ["RequestEntityTooLarge", 413],
    malformed: ["MalformedHttpRequestException", 400],
    timedOut: ["RequestTimeout", 408],
    unavailable: ["ServiceUnavailable", 503],
    failed: ["InternalFailure", 500],
  },
  json: {
    denied: ["AccessDeniedException", 400],
    throttled: ["ThrottlingException", 400],
    tooLarge: ["RequestEntityTooLargeException", 413],
    malformed: ["MalformedHttpRequestException", 400],
    timedOut: ["RequestTimeoutException", 408],
    unavailable: ["ServiceUnavailableException", 503],
    failed: ["InternalFailure", 500],
  },
};

type Kind = "denied" | "throttled" | "tooLarge" | "malformed" | "timedOut" | "unavailable" | "failed";

const kinds: Partial<Record<ErrorCode, Kind>> = {
  access_denied: "denied",
  rate_limited: "throttled",
  body_too_large: "tooLarge",
  header_conflict: "malformed",
  malformed_request: "malformed",
  unsupported_media_type: "malformed",
  request_timed_out: "timedOut",
};

/** Our error as the services of this style word it. What the table does not name is a fault of ours that tells nothing. */
export function toProtocolError(error: AppError, style: AuthenticationStyle): ProtocolError {
  const kind = kindOf(error.code);
  const [code, status] = rows[style === "json" ? "json" : "query"][kind];
  const message =
    kind === "failed" ? "The request failed because of an unknown error of the server." : error.message;
  return new ProtocolError(code, message, { status, headers: retryHeaders(error, kind) });
}

function kindOf(code: ErrorCode): Kind {
  return kinds[code] ?? (errorCodes[code].status === 503 ? "unavailable" : "failed");
}

function retryHeaders({ retryAfterMs = 1000 }: AppError, kind: Kind): Record<string, string> {
  if (kind !== "unavailable" && kind !== "throttled") return {};
  return { "retry-after": String(Math.max(1, Math.ceil(retryAfterMs / 1000))) };
}
