import type { FailureCause } from "../contract/index.ts";

/** What to tell people about one cause. */
interface CauseText {
  readonly title: string;
  readonly advice: readonly string[];
}

/** Codes of AWS, Node and TLS with the cause behind them; first match wins. Source: table 6.2 of our notes on AWS authentication. */
export interface FailureRow {
  readonly codes: readonly string[];
  /** The text must match as well, where one code has several causes. */
  readonly text?: RegExp;
  /** Only when a role was being assumed. */
  readonly assuming?: true;
  readonly cause: FailureCause;
  /** Instead of the cause's own advice. */
  readonly advice?: readonly string[];
}

const accessDenied = [
  "AccessDenied",
  "AccessDeniedException",
  "UnauthorizedOperation",
  "NotAuthorized",
  "NotAuthorizedException",
  "UnauthorizedAccess",
  "Forbidden",
];
const signature = ["SignatureDoesNotMatch", "InvalidSignatureException", "InvalidSignature"];

export const failureRows: readonly FailureRow[] = [
  {
    codes: ["RequestTimeTooSkewed", "RequestInTheFuture"],
    cause: "CLOCK",
  },
  { codes: signature, text: /expired|not yet current/i, cause: "CLOCK" },
  { codes: ["RequestExpired"], text: /token/i, cause: "EXPIRED" },
  { codes: ["RequestExpired"], cause: "CLOCK" },
  {
    codes: ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"],
    cause: "EXPIRED",
  },
  { codes: accessDenied, text: /region.*(disabled|not enabled|opt)/i, cause: "REGION_OFF" },
  { codes: signature, cause: "BAD_SECRET" },
  {
    codes: [
      "InvalidClientTokenId",
      "UnrecognizedClientException",
      "InvalidAccessKeyId",
      "InvalidToken",
      "AuthFailure",
      "InvalidClientTokenIdException",
    ],
    cause: "BAD_KEY",
  },
  {
    codes: [
      "IncompleteSignature",
      "IncompleteSignatureException",
      "MissingAuthenticationToken",
      "MissingAuthenticationTokenException",
    ],
    cause: "PROXY",
    advice: [
      "Something between here and AWS took a header away, or the endpoint is not the service: check proxy and endpoint.",
    ],
  },
  { codes: ["UNEXPECTED_PAGE"], cause: "PROXY" },
  {
    codes: ["RegionDisabledException", "RegionDisabled"],
    cause: "REGION_OFF",
  },
  {
    codes: ["OptInRequired", "SubscriptionRequiredException", "SubscriptionRequired"],
    cause: "NOT_SUBSCRIBED",
  },
  {
    codes: ["DataUnavailableException", "BillExpirationException"],
    cause: "NOT_SUBSCRIBED",
    advice: [
      "Switch Cost Explorer on in the management account and wait 24 hours; member accounts may need its permission.",
    ],
  },
  { codes: accessDenied, text: /not enabled for cost explorer/i, cause: "NOT_SUBSCRIBED" },
  {
    codes: ["ValidationError", "ValidationException"],
    text: /DurationSeconds|MaxSessionDuration|role chaining/i,
    cause: "LOCAL_CONFIG",
    advice: [
      "Lower the duration: at most the role's maximum session duration, and at most 3,600 seconds when a role assumes a role.",
    ],
  },
  {
    codes: ["ValidationError", "ValidationException", "MalformedPolicyDocument", "PackedPolicyTooLarge"],
    cause: "LOCAL_CONFIG",
    advice: ["Correct the value that the message names; shorten the session policy or the session tags."],
  },
  {
    codes: [
      "InvalidIdentityToken",
      "InvalidIdentityTokenException",
      "IDPRejectedClaim",
      "IDPCommunicationError",
    ],
    cause: "DENIED_ASSUME",
    advice: [
      "Compare issuer, audience and subject of the token with the conditions of the role's trust policy.",
      "Check that the token file is current and readable for the server (fsGroup of the pod).",
    ],
  },
  {
    codes: [
      "Throttling",
      "ThrottlingException",
      "ThrottledException",
      "RequestLimitExceeded",
      "LimitExceededException",
      "TooManyRequestsException",
      "SlowDown",
      "RequestThrottled",
      "RequestThrottledException",
      "EC2ThrottledException",
      "PriorRequestNotComplete",
      "BandwidthLimitExceeded",
    ],
    cause: "THROTTLED",
  },
  {
    codes: ["PermanentRedirect", "AuthorizationHeaderMalformed"],
    cause: "LOCAL_CONFIG",
    advice: ["The bucket is in another region; use the region that the message names."],
  },
  {
    codes: [
      "InternalFailure",
      "InternalError",
      "InternalServerError",
      "InternalServiceException",
      "InternalServiceFault",
      "ServiceUnavailable",
      "ServiceUnavailableException",
    ],
    cause: "UNKNOWN",
    advice: ["AWS had trouble of its own; try again later."],
  },
  { codes: accessDenied, assuming: true, cause: "DENIED_ASSUME" },
  { codes: accessDenied, text: /sts:AssumeRole/, cause: "DENIED_ASSUME" },
  { codes: accessDenied, cause: "DENIED_ACTION" },
  {
    codes: ["ENDPOINT_NOT_ALLOWED"],
    cause: "LOCAL_CONFIG",
    advice: [
      "Use an endpoint of AWS, or have the operator allow private endpoints (NEPHO_ALLOW_PRIVATE_ENDPOINTS).",
    ],
  },
  {
    codes: ["InstanceMetadataV1FallbackError", "ECS_UNAVAILABLE"],
    cause: "LOCAL_CONFIG",
    advice: [
      "The server must run on EC2 with a role, with instance metadata switched on, and from a container with a hop limit of 2.",
    ],
  },
  {
    codes: ["CredentialsProviderError", "ProviderError", "LocalConfigError", "TokenProviderError"],
    cause: "LOCAL_CONFIG",
  },
  {
    codes: ["ENOTFOUND", "EAI_AGAIN", "EAI_NODATA"],
    cause: "NETWORK",
    advice: [
      "The host name does not resolve: check the spelling of region and endpoint, and the server's DNS.",
    ],
  },
  {
    codes: [
      "ECONNREFUSED",
      "ECONNRESET",
      "ETIMEDOUT",
      "EHOSTUNREACH",
      "ENETUNREACH",
      "EPIPE",
      "TimeoutError",
      "AbortError",
      "RequestTimeout",
      "RequestTimeoutException",
      "RESPONSE_TOO_LARGE",
    ],
    cause: "NETWORK",
  },
  {
    codes: [
      "SELF_SIGNED_CERT_IN_CHAIN",
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      "UNABLE_TO_GET_ISSUER_CERT",
      "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
      "CERT_HAS_EXPIRED",
      "CERT_NOT_YET_VALID",
      "CERT_UNTRUSTED",
      "ERR_TLS_CERT_ALTNAME_INVALID",
      "EPROTO",
    ],
    cause: "TLS",
  },
];

export const causeTexts: Readonly<Record<FailureCause, CauseText>> = {
  BAD_KEY: {
    title: "AWS does not know the access key.",
    advice: [
      "Check that the access key exists and is active in IAM.",
      "Temporary keys (ASIA…) need their session token.",
      "Keys of one partition (China, GovCloud) do not work in another: check the region.",
    ],
  },
  BAD_SECRET: {
    title: "The signature does not match.",
    advice: [
      "Enter the secret access key again, without blanks.",
      "Check service name and region, and that no proxy rewrites the request.",
    ],
  },
  EXPIRED: {
    title: "The temporary credentials have ended.",
    advice: ["Enter a new set, or use a role so that they are renewed automatically."],
  },
  CLOCK: {
    title: "The clock of the server is off.",
    advice: [
      "Correct the server's clock (NTP); AWS accepts five minutes of difference, some services fifteen.",
    ],
  },
  DENIED_ACTION: {
    title: "The identity is valid but lacks the permission.",
    advice: [
      "Add the action that the message names to the identity's policy.",
      "If the message speaks of an explicit deny, look at service control policies, permission boundaries, session policies and endpoint policies.",
    ],
  },
  DENIED_ASSUME: {
    title: "The role may not be assumed.",
    advice: [
      "Compare the role's trust policy with the generated one: principal and external ID must be exactly these.",
      "Check that the role exists; AWS gives the same answer when it does not.",
      "The assuming identity needs sts:AssumeRole on this role. After a change, IAM can take a minute.",
    ],
  },
  REGION_OFF: {
    title: "The region is not switched on for the account.",
    advice: ["Enable the region in the account, or use another one."],
  },
  NOT_SUBSCRIBED: {
    title: "The account has not switched this service on.",
    advice: ["Enable the service in the account."],
  },
  THROTTLED: {
    title: "AWS asks to slow down; the credentials are fine.",
    advice: ["Try again later, or have the quota raised."],
  },
  NETWORK: {
    title: "The endpoint could not be reached.",
    advice: ["Check firewall, proxy and VPC endpoint on the way from the server."],
  },
  TLS: {
    title: "The certificate of the endpoint is not trusted.",
    advice: ["If a proxy inspects traffic, add its CA certificate to the credential."],
  },
  PROXY: {
    title: "The answer did not come from AWS.",
    advice: [
      "A proxy, a sign-in page or another service answered: check proxy and endpoint.",
      "An emulator that does not know CloudWatch's protocol needs the option for emulators.",
    ],
  },
  LOCAL_CONFIG: {
    title: "The configuration is not usable.",
    advice: ["Correct what the message names."],
  },
  UNKNOWN: {
    title: "AWS answered with an error.",
    advice: [
      "Look the code up in the documentation of the service; an error of 500 and above usually passes by itself.",
    ],
  },
};
