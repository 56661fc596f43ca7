import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type FailureCause, failureCauses } from "../contract/index.ts";
import { classifyAwsError } from "./classify.ts";
import { causeTexts, failureRows } from "./failures.ts";
import { IdentityError } from "./identity.ts";
import { LocalConfigError } from "./local-config-error.ts";

/** An error as the SDK throws it for an answer of AWS. */
const answer = (name: string, message = "", httpStatusCode = 403) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode, requestId: "r-1" } });
/** An error of the network, of TLS or of Node. */
const local = (code: string, name = "Error") => Object.assign(new Error(code), { code, name });
/** An answer whose body the SDK could not parse. */
const unread = (body: string, status = 403) =>
  Object.assign(new SyntaxError("Unexpected token <"), {
    $responseBodyText: body,
    $response: { statusCode: status, body },
    $metadata: { httpStatusCode: status },
  });
const assuming = (cause: unknown) => new IdentityError(1, "The role could not be assumed.", cause);

const cases: readonly [what: string, error: unknown, cause: FailureCause, disables: boolean][] = [
  ["an unknown key at STS", answer("InvalidClientTokenId"), "BAD_KEY", true],
  ["an unknown key at a JSON service", answer("UnrecognizedClientException", "", 400), "BAD_KEY", true],
  ["an unknown key at EC2", answer("AuthFailure", "", 401), "BAD_KEY", true],
  ["an unknown key at S3", answer("InvalidAccessKeyId"), "BAD_KEY", true],
  ["a wrong secret", answer("SignatureDoesNotMatch"), "BAD_SECRET", true],
  ["a wrong secret at a JSON service", answer("InvalidSignatureException"), "BAD_SECRET", true],
  [
    "a signature that is too old",
    answer("InvalidSignatureException", "Signature expired: 2026 is now earlier"),
    "CLOCK",
    false,
  ],
  [
    "a signature from the future",
    answer("SignatureDoesNotMatch", "Signature not yet current"),
    "CLOCK",
    false,
  ],
  ["a clock far off at S3", answer("RequestTimeTooSkewed"), "CLOCK", false],
  ["an expired request", answer("RequestExpired"), "CLOCK", false],
  ["an ended session", answer("ExpiredToken"), "EXPIRED", true],
  ["an ended session at a JSON service", answer("ExpiredTokenException"), "EXPIRED", true],
  ["a header that was lost", answer("MissingAuthenticationToken"), "PROXY", false],
  ["a role that may not be assumed", assuming(answer("AccessDenied")), "DENIED_ASSUME", true],
  [
    "the same, by its message",
    answer("AccessDenied", "not authorized to perform: sts:AssumeRole"),
    "DENIED_ASSUME",
    true,
  ],
  [
    "a missing permission",
    answer("AccessDenied", "not authorized to perform: cloudwatch:ListMetrics"),
    "DENIED_ACTION",
    false,
  ],
  ["a missing permission at EC2", answer("UnauthorizedOperation"), "DENIED_ACTION", false],
  ["a region that is off for STS", answer("RegionDisabledException"), "REGION_OFF", false],
  ["a service that was not switched on", answer("OptInRequired"), "NOT_SUBSCRIBED", false],
  [
    "Cost Explorer that is off",
    answer("AccessDeniedException", "User not enabled for cost explorer access"),
    "NOT_SUBSCRIBED",
    false,
  ],
  ["Cost Explorer without data", answer("DataUnavailableException"), "NOT_SUBSCRIBED", false],
  [
    "too long a session",
    assuming(answer("ValidationError", "DurationSeconds exceeds the MaxSessionDuration")),
    "LOCAL_CONFIG",
    false,
  ],
  ["a bad session policy", assuming(answer("MalformedPolicyDocument")), "LOCAL_CONFIG", false],
  ["a refused web identity token", answer("InvalidIdentityToken"), "DENIED_ASSUME", true],
  ["throttling", answer("ThrottlingException", "Rate exceeded", 400), "THROTTLED", false],
  ["throttling while assuming", assuming(answer("Throttling")), "THROTTLED", false],
  ["throttling at S3", answer("SlowDown", "", 503), "THROTTLED", false],
  ["throttling by status alone", unread("slow down", 429), "THROTTLED", false],
  ["trouble of AWS", answer("InternalFailure", "", 500), "UNKNOWN", false],
  ["a code we do not know", answer("BrandNewException"), "UNKNOWN", false],
  ["a name that does not resolve", local("ENOTFOUND"), "NETWORK", false],
  ["a refused connection", local("ECONNREFUSED"), "NETWORK", false],
  [
    "a refused connection on every address",
    Object.assign(new AggregateError([local("ECONNREFUSED")]), {}),
    "NETWORK",
    false,
  ],
  ["a call that timed out", local("ETIMEDOUT", "TimeoutError"), "NETWORK", false],
  ["a timeout by name alone", Object.assign(new Error("x"), { name: "TimeoutError" }), "NETWORK", false],
  ["an endless answer", local("RESPONSE_TOO_LARGE"), "NETWORK", false],
  ["a certificate that is not trusted", local("SELF_SIGNED_CERT_IN_CHAIN"), "TLS", false],
  ["a certificate of another host", local("ERR_TLS_CERT_ALTNAME_INVALID"), "TLS", false],
  ["an address that is not allowed", local("ENDPOINT_NOT_ALLOWED", "AddressRefused"), "LOCAL_CONFIG", false],
  [
    "nothing in the chain",
    Object.assign(new Error("Could not load credentials from any providers"), {
      name: "CredentialsProviderError",
    }),
    "LOCAL_CONFIG",
    false,
  ],
  [
    "a refused profile",
    new IdentityError("base", "No base.", new LocalConfigError("no")),
    "LOCAL_CONFIG",
    false,
  ],
  ["an HTML page", unread("<html>Sign in</html>", 200), "PROXY", false],
  ["a proxy that wants a password", unread("", 407), "PROXY", false],
  ["a redirect", unread("", 302), "PROXY", false],
  [
    "an emulator's XML in a JSON service",
    unread(
      "<Response><Errors><Error><Code>InvalidClientTokenId</Code><Message>bad</Message></Error></Errors></Response>",
    ),
    "BAD_KEY",
    true,
  ],
  [
    "an emulator's XML denial",
    unread("<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>"),
    "DENIED_ACTION",
    false,
  ],
  [
    "JSON in an XML service",
    unread('{"__type":"com.amazon#ExpiredTokenException","message":"x"}', 400),
    "EXPIRED",
    true,
  ],
  ["something that is no error", "text", "UNKNOWN", false],
  ["nothing", undefined, "UNKNOWN", false],
];

describe("an error of AWS or of the way to it", () => {
  for (const [what, error, cause, disables] of cases) {
    test(`${what} is ${cause}${disables ? " and disables" : ""}`, () => {
      const failure = classifyAwsError(error);
      assert.deepEqual([failure.cause, failure.disables], [cause, disables]);
      assert.ok(failure.message.length > 0 && failure.advice.length > 0);
    });
  }

  test("keeps AWS's code, status and request id", () => {
    const failure = classifyAwsError(answer("Throttling", "Rate exceeded", 400));
    assert.deepEqual([failure.rawCode, failure.httpStatus, failure.requestId], ["Throttling", 400, "r-1"]);
  });

  test("for expired keys disables only where nobody can renew them", () => {
    assert.equal(classifyAwsError(answer("ExpiredToken"), "keys").disables, true);
    assert.equal(classifyAwsError(answer("ExpiredToken"), "web-identity").disables, false);
  });

  test("is told without what AWS quotes of the request, in one line of bounded length", () => {
    const quoted =
      "The request signature we calculated does not match.\n\nThe Canonical String for this request should have been\n'POST\nx-amz-security-token:CANARY'";
    assert.ok(!classifyAwsError(answer("SignatureDoesNotMatch", quoted)).message.includes("CANARY"));
    const oneLine = `Bad header. Authorization=AWS4-HMAC-SHA256 Credential=CANARY`;
    assert.ok(!classifyAwsError(answer("IncompleteSignature", oneLine)).message.includes("CANARY"));
    const long = classifyAwsError(answer("X", `a\u001b[31m\u202e${"b".repeat(10_000)}`)).message;
    assert.ok(long.length < 700 && !/[\u001b\u202e]/.test(long));
  });

  test("is never told with the body of an endpoint that spoke something else", () => {
    assert.ok(!classifyAwsError(unread("<html>CANARY</html>")).message.includes("CANARY"));
  });
});

test("every cause has a title and advice, and no code stands twice without a condition", () => {
  for (const cause of failureCauses) assert.ok(causeTexts[cause].advice.length > 0);
  const seen = new Set<string>();
  for (const row of failureRows.filter((candidate) => !candidate.text && !candidate.assuming)) {
    for (const code of row.codes) {
      assert.ok(!seen.has(code), code);
      seen.add(code);
    }
  }
});
