import { ProtocolError } from "../protocol-error.ts";
import type { AuthenticationStyle } from "../service-model.ts";

/** Why a signature was not accepted. */
export type SigV4FailureReason =
  | "missing"
  | "incomplete"
  | "unknown-key"
  | "invalid-token"
  | "mismatch"
  | "clock"
  | "expired-request"
  | "expired-token";

export interface SigV4Failure {
  readonly reason: SigV4FailureReason;
  readonly message: string;
}

type Row = readonly [code: string, status: number];

/** The same failure has another name in each family of services, and clients match on these names. */
const codes: Readonly<Record<AuthenticationStyle, Readonly<Record<SigV4FailureReason, Row>>>> = {
  query: {
    missing: ["MissingAuthenticationToken", 403],
    incomplete: ["IncompleteSignature", 400],
    "unknown-key": ["InvalidClientTokenId", 403],
    "invalid-token": ["InvalidClientTokenId", 403],
    mismatch: ["SignatureDoesNotMatch", 403],
    clock: ["SignatureDoesNotMatch", 403],
    "expired-request": ["RequestExpired", 400],
    "expired-token": ["ExpiredToken", 403],
  },
  json: {
    missing: ["MissingAuthenticationTokenException", 400],
    incomplete: ["IncompleteSignatureException", 400],
    "unknown-key": ["UnrecognizedClientException", 400],
    "invalid-token": ["UnrecognizedClientException", 400],
    mismatch: ["InvalidSignatureException", 400],
    clock: ["InvalidSignatureException", 400],
    "expired-request": ["RequestExpired", 400],
    "expired-token": ["ExpiredTokenException", 400],
  },
  ec2: {
    missing: ["MissingAuthenticationToken", 403],
    incomplete: ["IncompleteSignature", 400],
    "unknown-key": ["AuthFailure", 401],
    "invalid-token": ["AuthFailure", 401],
    mismatch: ["AuthFailure", 401],
    clock: ["RequestExpired", 400],
    "expired-request": ["RequestExpired", 400],
    "expired-token": ["RequestExpired", 400],
  },
  s3: {
    missing: ["AccessDenied", 403],
    incomplete: ["AuthorizationHeaderMalformed", 400],
    "unknown-key": ["InvalidAccessKeyId", 403],
    "invalid-token": ["InvalidToken", 400],
    mismatch: ["SignatureDoesNotMatch", 403],
    clock: ["RequestTimeTooSkewed", 403],
    "expired-request": ["AccessDenied", 403],
    "expired-token": ["ExpiredToken", 400],
  },
};

/** The failure as the services of this family word it. */
export function sigV4Error(style: AuthenticationStyle, failure: SigV4Failure): ProtocolError {
  const [code, status] = codes[style][failure.reason];
  return new ProtocolError(code, failure.message, { status });
}
