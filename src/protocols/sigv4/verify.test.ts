import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type SigningInput, signedRequest } from "../../../test/support/sdk-in-process.ts";
import { sigV4Error, verifySigV4, type WireRequest } from "../index.ts";
import { canonicalRequest, computeSignature, sha256Hex } from "./canonical.ts";

const nowMs = Date.UTC(2026, 10, 20, 12, 0, 0);
const accessKeyId = "AKIDEXAMPLEEXAMPLE00";
const secretAccessKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const base: SigningInput = {
  accessKeyId,
  secretAccessKey,
  service: "sts",
  atMs: nowMs,
  body: "Action=GetCallerIdentity",
};

function verify(
  request: WireRequest,
  overrides: {
    now?: number;
    sessionToken?: string;
    expiresAtMs?: number;
    services?: string[];
    regions?: string[];
  } = {},
) {
  const { now = nowMs, services, regions, ...secret } = overrides;
  return verifySigV4(request, {
    now: () => now,
    findSecret: async (id) =>
      id === accessKeyId ? { secretAccessKey, principal: "alice", ...secret } : undefined,
    ...(services ? { services } : {}),
    ...(regions ? { regions } : {}),
  });
}

async function reasonOf(outcome: ReturnType<typeof verify>): Promise<string> {
  const result = await outcome;
  return result.ok ? "accepted" : result.failure.reason;
}

test("the published example of IAM ListUsers gives the published signature", () => {
  const request: WireRequest = {
    method: "GET",
    path: "/",
    query: "Action=ListUsers&Version=2010-05-08",
    headers: {
      host: "iam.amazonaws.com",
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      "x-amz-date": "20150830T123600Z",
    },
    body: new Uint8Array(),
  };
  const signature = computeSignature(
    request,
    {
      accessKeyId: "AKIDEXAMPLE",
      date: "20150830",
      region: "us-east-1",
      service: "iam",
      signedHeaders: ["content-type", "host", "x-amz-date"],
      signature: "",
      timestamp: "20150830T123600Z",
      signedAtMs: 0,
      sessionToken: undefined,
      expiresSeconds: undefined,
    },
    sha256Hex(""),
    secretAccessKey,
  );
  assert.equal(signature.toString("hex"), "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
});

describe("what the SDK's signer signs is accepted", () => {
  const cases: Record<string, Partial<SigningInput>> = {
    "a plain call": {},
    "an empty body": { body: "" },
    "a query with characters that need encoding": {
      method: "GET",
      query: { Action: "ListUsers", "b*": "(1 + 2) = ä'", a: "", A: "~" },
    },
    "a path with encoded and doubled parts": { path: "/service/My%20Service/x/y/" },
    "an object of S3, whose path is encoded once": {
      service: "s3",
      method: "GET",
      path: "/bucket/a%20b/c%2Bd",
      headers: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
    },
    "headers with runs of spaces": { headers: { "x-amz-meta": "  a   b  ", "content-type": "text/plain" } },
    "a presigned query": { method: "GET", presignSeconds: 300, body: "" },
  };
  for (const [name, input] of Object.entries(cases)) {
    test(name, async () => {
      const outcome = await verify(await signedRequest({ ...base, ...input }));
      assert.deepEqual(outcome.ok && outcome.identity.principal, "alice", JSON.stringify(outcome));
    });
  }
});

test("the identity tells key, scope, token and time", async () => {
  const request = await signedRequest({ ...base, region: "eu-west-1", sessionToken: "session" });
  const outcome = await verify(request, { sessionToken: "session" });
  assert.deepEqual(outcome, {
    ok: true,
    identity: {
      accessKeyId,
      region: "eu-west-1",
      service: "sts",
      sessionToken: "session",
      signedAtMs: nowMs,
      principal: "alice",
    },
  });
});

describe("whatever changes after signing is noticed", () => {
  const changes: Record<string, (request: WireRequest) => WireRequest> = {
    body: (request) => ({ ...request, body: Buffer.from("Action=AssumeRole") }),
    path: (request) => ({ ...request, path: "/other" }),
    query: (request) => ({ ...request, query: "Action=AssumeRole" }),
    method: (request) => ({ ...request, method: "PUT" }),
    host: (request) => ({ ...request, headers: { ...request.headers, host: "evil.test" } }),
    "an added x-amz header": (request) => ({
      ...request,
      headers: { ...request.headers, "x-amz-target": "Logs_20140328.DeleteLogGroup" },
    }),
    "a removed signed header": (request) => ({
      ...request,
      headers: { ...request.headers, "content-type": undefined },
    }),
  };
  for (const [name, change] of Object.entries(changes)) {
    test(name, async () => {
      const request = await signedRequest({ ...base, headers: { "content-type": "text/plain" } });
      assert.equal(await reasonOf(verify(change(request))), "mismatch");
    });
  }
  test("a shortened signature", async () => {
    const request = await signedRequest(base);
    const authorization = request.headers.authorization?.slice(0, -1);
    const outcome = verify({ ...request, headers: { ...request.headers, authorization } });
    assert.equal(await reasonOf(outcome), "incomplete");
  });
});

test("S3 alone may leave its body unsigned", async () => {
  const headers = { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
  assert.equal(await reasonOf(verify(await signedRequest({ ...base, headers }))), "mismatch");
});

describe("the clock", () => {
  const minutes = (count: number) => nowMs + count * 60_000;
  test("five minutes either way are tolerated, more is not", async () => {
    for (const [at, expected] of [
      [minutes(-5), "accepted"],
      [minutes(5), "accepted"],
      [minutes(-5) - 1000, "clock"],
      [minutes(5) + 1000, "clock"],
    ] as const)
      assert.equal(
        await reasonOf(verify(await signedRequest({ ...base, service: "logs", atMs: at }))),
        expected,
        String(at),
      );
  });
  test("EC2, IAM, S3 and STS tolerate fifteen", async () => {
    for (const service of ["ec2", "iam", "s3", "sts"])
      for (const [at, expected] of [
        [minutes(-15), "accepted"],
        [minutes(-15) - 1000, "clock"],
      ] as const)
        assert.equal(
          await reasonOf(verify(await signedRequest({ ...base, service, atMs: at }))),
          expected,
          `${service} ${at}`,
        );
  });
  test("the messages are those that clients correct their clocks by", async () => {
    const late = await verify(await signedRequest({ ...base, service: "logs", atMs: minutes(-10) }));
    assert.match(
      late.ok ? "" : late.failure.message,
      /^Signature expired: 20261120T115000Z is now earlier than 20261120T115500Z \(20261120T120000Z - 5 min\.\)$/,
    );
    const early = await verify(await signedRequest({ ...base, service: "logs", atMs: minutes(10) }));
    assert.match(
      early.ok ? "" : early.failure.message,
      /^Signature not yet current: 20261120T121000Z is still later than 20261120T120500Z/,
    );
    const patient = await verify(await signedRequest({ ...base, service: "iam", atMs: minutes(-20) }));
    assert.match(patient.ok ? "" : patient.failure.message, / - 15 min\.\)$/);
  });
  test("a presigned query ends when it says", async () => {
    const request = await signedRequest({ ...base, method: "GET", body: "", presignSeconds: 3600 });
    assert.equal(await reasonOf(verify(request, { now: minutes(59) })), "accepted");
    assert.equal(await reasonOf(verify(request, { now: minutes(61) })), "expired-request");
  });
});

describe("keys and tokens", () => {
  test("an unknown key", async () => {
    const request = await signedRequest({ ...base, accessKeyId: "AKIAUNKNOWNUNKNOWN00" });
    assert.equal(await reasonOf(verify(request)), "unknown-key");
  });
  test("a wrong secret", async () => {
    assert.equal(
      await reasonOf(verify(await signedRequest({ ...base, secretAccessKey: "x".repeat(40) }))),
      "mismatch",
    );
  });
  test("temporary credentials without, or with another, token", async () => {
    const without = await signedRequest(base);
    const other = await signedRequest({ ...base, sessionToken: "another" });
    assert.equal(await reasonOf(verify(without, { sessionToken: "session" })), "invalid-token");
    assert.equal(await reasonOf(verify(other, { sessionToken: "session" })), "invalid-token");
  });
  test("the token is handed to who looks the key up, from header and query alike", async () => {
    const claims: unknown[] = [];
    const presigned = { method: "GET", presignSeconds: 60, body: "" };
    for (const signing of [{ sessionToken: "session" }, { sessionToken: "session", ...presigned }, {}])
      await verifySigV4(await signedRequest({ ...base, ...signing }), {
        now: () => nowMs,
        findSecret: async (...claim) => {
          claims.push(claim);
          return undefined;
        },
      });
    assert.deepEqual(claims, [
      [accessKeyId, "session"],
      [accessKeyId, "session"],
      [accessKeyId, undefined],
    ]);
  });
  test("a token that is sent beside the signature, not under it", async () => {
    const request = await signedRequest(base);
    const headers = { ...request.headers, "x-amz-security-token": "session" };
    const outcome = await verify({ ...request, headers }, { sessionToken: "session" });
    assert.equal(
      outcome.ok ? "" : outcome.failure.message,
      "'x-amz-security-token' must be a 'SignedHeader' in the AWS Authorization.",
    );
  });
  test("a token where none belongs", async () => {
    assert.equal(
      await reasonOf(verify(await signedRequest({ ...base, sessionToken: "x" }))),
      "invalid-token",
    );
  });
  test("an expired session is told apart from a wrong signature", async () => {
    const good = await signedRequest(base);
    assert.equal(await reasonOf(verify(good, { expiresAtMs: nowMs })), "expired-token");
    const bad = await signedRequest({ ...base, secretAccessKey: "x".repeat(40) });
    assert.equal(await reasonOf(verify(bad, { expiresAtMs: nowMs })), "mismatch");
  });
});

describe("scope", () => {
  test("another service or region than the listener's", async () => {
    const request = await signedRequest(base);
    assert.equal(await reasonOf(verify(request, { services: ["logs"] })), "mismatch");
    assert.equal(await reasonOf(verify(request, { regions: ["eu-west-1"] })), "mismatch");
  });
});

describe("malformed authorization ends as incomplete or missing, never as a throw", () => {
  const header = (authorization: string | undefined, more: Record<string, string> = {}): WireRequest => ({
    method: "POST",
    path: "/",
    query: "",
    headers: { host: "aws.test", "x-amz-date": "20261120T120000Z", ...more, authorization },
    body: new Uint8Array(),
  });
  const scope = `${accessKeyId}/20261120/us-east-1/sts/aws4_request`;
  const signature = "0".repeat(64);
  const cases: [string, WireRequest, string][] = [
    ["nothing at all", header(undefined), "missing"],
    ["a bearer token", header("Bearer abc"), "incomplete"],
    ["no signature", header(`AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host`), "incomplete"],
    [
      "a scope of four parts",
      header(
        `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261120/us-east-1/sts, SignedHeaders=host, Signature=${signature}`,
      ),
      "incomplete",
    ],
    [
      "a date that does not exist",
      header(`AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${signature}`, {
        "x-amz-date": "20261131T120000Z",
      }),
      "incomplete",
    ],
    [
      "a scope of another day",
      header(
        `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261119/us-east-1/sts/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
      ),
      "mismatch",
    ],
    [
      "host not signed",
      header(`AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=x-amz-date, Signature=${signature}`),
      "mismatch",
    ],
    [
      "the same part twice",
      header(
        `AWS4-HMAC-SHA256 Credential=${scope}, Credential=${scope}, SignedHeaders=host, Signature=${signature}`,
      ),
      "incomplete",
    ],
    [
      "header and query at once",
      { ...header("AWS4-HMAC-SHA256 x"), query: "X-Amz-Signature=a" },
      "incomplete",
    ],
    [
      "a broken presigned query",
      { ...header(undefined), query: "X-Amz-Algorithm=AWS4-HMAC-SHA256" },
      "incomplete",
    ],
  ];
  for (const [name, request, expected] of cases)
    test(name, async () => assert.equal(await reasonOf(verify(request)), expected));
});

test("each family of services names a failure its own way", () => {
  const failure = { reason: "unknown-key", message: "m" } as const;
  const named = (["query", "json", "ec2", "s3"] as const).map((style) => {
    const { code, status } = sigV4Error(style, failure);
    return [style, code, status];
  });
  assert.deepEqual(named, [
    ["query", "InvalidClientTokenId", 403],
    ["json", "UnrecognizedClientException", 400],
    ["ec2", "AuthFailure", 401],
    ["s3", "InvalidAccessKeyId", 403],
  ]);
});

test("tokens that are wrong or too old have the names that SDKs renew credentials by", () => {
  const named = (["query", "json"] as const).map((style) =>
    (["invalid-token", "expired-token"] as const).map((reason) => {
      const { code, status } = sigV4Error(style, { reason, message: "m" });
      return `${status} ${code}`;
    }),
  );
  assert.deepEqual(named, [
    ["403 InvalidClientTokenId", "403 ExpiredToken"],
    ["400 UnrecognizedClientException", "400 ExpiredTokenException"],
  ]);
});

test("broken percent-encoding is signed as it stands", () => {
  const request: WireRequest = {
    method: "GET",
    path: "/",
    query: "a=%zz&b",
    headers: {},
    body: new Uint8Array(),
  };
  assert.match(canonicalRequest(request, { signedHeaders: [], service: "sts" }, ""), /a=%25zz&b=/);
});
