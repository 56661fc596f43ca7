import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import {
  bodyOf,
  createWorld,
  goodKey,
  headOf,
  now,
  type Sent,
  send,
} from "../../test/support/ingest-world.ts";
import { AppError } from "../base/index.ts";
import type { ErrorCode } from "../contract/index.ts";

const hlc = "/services/collector/event";
const event = '{"event":"a"}';

describe("who may send", () => {
  const refusals: readonly [
    name: string,
    sent: Partial<Sent>,
    status: number,
    type: string,
    rpc: number,
    splunk: number,
  ][] = [
    ["no header", { headers: { authorization: null } }, 401, "MissingAuthenticationTokenException", 16, 2],
    [
      "an empty header",
      { headers: { authorization: "" } },
      401,
      "MissingAuthenticationTokenException",
      16,
      2,
    ],
    [
      "an unknown scheme",
      { headers: { authorization: "Digest x" } },
      401,
      "IncompleteSignatureException",
      16,
      3,
    ],
    [
      "a scheme without a key",
      { headers: { authorization: "Bearer" } },
      401,
      "IncompleteSignatureException",
      16,
      3,
    ],
    [
      "an unknown key",
      { headers: { authorization: "Bearer ACWLunknown" } },
      401,
      "UnrecognizedClientException",
      16,
      4,
    ],
    [
      "a key of another service",
      { headers: { authorization: "Bearer ACWLother-service" } },
      403,
      "AccessDeniedException",
      7,
      4,
    ],
    [
      "an inactive key",
      { headers: { authorization: "Bearer ACWLinactive" } },
      401,
      "UnrecognizedClientException",
      16,
      1,
    ],
    [
      "an expired key",
      { headers: { authorization: "Bearer ACWLexpired" } },
      401,
      "ExpiredTokenException",
      16,
      4,
    ],
    ["no group", { headers: { "x-aws-log-group": null } }, 400, "InvalidParameterException", 3, 7],
    ["no stream", { headers: { "x-aws-log-stream": "" } }, 400, "InvalidParameterException", 3, 7],
    [
      "an impossible group",
      { headers: { "x-aws-log-group": "a b" } },
      400,
      "InvalidParameterException",
      3,
      7,
    ],
    [
      "an impossible stream",
      { headers: { "x-aws-log-stream": "a:b" } },
      400,
      "InvalidParameterException",
      3,
      7,
    ],
    ["an unknown group", { headers: { "x-aws-log-group": "/none" } }, 404, "ResourceNotFoundException", 5, 7],
    [
      "an unknown stream",
      { headers: { "x-aws-log-stream": "none" } },
      404,
      "ResourceNotFoundException",
      5,
      7,
    ],
  ];
  for (const [name, sent, status, type, rpc, splunk] of refusals) {
    test(`${name} is ${status} on every path, in the words of each`, async () => {
      for (const path of [hlc, "/ingest/bulk", "/ingest/json"]) {
        const world = createWorld();
        const answer = await send(world, { path, body: event, ...sent });
        assert.equal(answer.status, status);
        assert.equal((bodyOf(answer) as { __type: string }).__type, type);
        assert.equal(answer.headers["x-amzn-requestid"], "request-1");
        assert.equal(world.stored.length, 0);
      }
      const otlp = await send(createWorld(), { path: "/v1/logs", body: "{}", ...sent });
      assert.equal(otlp.status, status);
      assert.equal((bodyOf(otlp) as { code: number }).code, rpc);
      const hec = await send(createWorld(), { path: "/services/collector", body: event, ...sent });
      assert.equal((bodyOf(hec) as { code: number }).code, splunk);
    });
  }

  test("protobuf senders read google.rpc.Status", async () => {
    const headers = { "content-type": "application/x-protobuf", authorization: "Bearer ACWLexpired" };
    const answer = await send(createWorld(), { path: "/v1/logs", headers });
    assert.equal(answer.status, 401);
    const reader = new BinaryReader(answer.body as Uint8Array);
    reader.tag();
    assert.equal(reader.int32(), 16);
    reader.tag();
    assert.equal(reader.string(), "The API key has expired.");
  });

  test("who is not even looked at hears why in the words of the path, and when to come again", () => {
    const { ingest } = createWorld();
    const stopping = new AppError("shutting_down");
    const twice = new AppError("header_conflict", {
      message: "The header authorization occurs more than once.",
    });
    const told = (path: string, error: AppError) => {
      const answer = ingest.refuse(headOf({ path }), error);
      return [answer.status, answer.headers["retry-after"], bodyOf(answer)];
    };
    const { message } = twice;
    assert.deepEqual(told("/ingest/json", stopping), [
      503,
      "2",
      { __type: "ServiceUnavailableException", message: stopping.message },
    ]);
    assert.deepEqual(told("/services/collector", stopping), [
      503,
      "2",
      { text: "Server is busy", code: 9, message: stopping.message },
    ]);
    assert.deepEqual(told("/v1/logs", twice), [400, undefined, { code: 3, message }]);
    assert.deepEqual(told("/services/collector/health", twice), [
      400,
      undefined,
      { text: "Invalid data format", code: 6, message },
    ]);
  });

  test("what went wrong before a path could answer is told in the words that are read there", () => {
    const { ingest } = createWorld();
    const protobuf = { "content-type": "application/x-protobuf" };
    const told = (path: string, code: ErrorCode, headers = {}) => {
      const { status, body } = ingest.refuse(headOf({ path, headers }), new AppError(code));
      return [status, ...Object.values(JSON.parse(body.toString())).slice(0, 2)];
    };
    const lost = new AppError("route_not_found").message;
    assert.deepEqual(told("", "headers_too_large").slice(0, 2), [
      431,
      "RequestHeaderFieldsTooLargeException",
    ]);
    assert.deepEqual(told("/logs", "route_not_found"), [404, "UnknownOperationException", lost]);
    assert.deepEqual(told("/v1/traces", "route_not_found"), [404, 12, lost]);
    assert.deepEqual(told("/services/collector/ack", "route_not_found"), [
      404,
      "The requested URL was not found on this server.",
      404,
    ]);
    assert.deepEqual(told("/services/collector", "request_timed_out"), [408, "Server is busy", 9]);
    assert.deepEqual(told("/ingest/bulk", "request_timed_out").slice(0, 2), [408, "RequestTimeoutException"]);
    const trace = ingest.refuse(headOf({ path: "/ingest/bulk" }), new AppError("method_not_allowed"));
    assert.deepEqual([trace.status, trace.headers.allow], [405, "POST"]);
    const elsewhere = ingest.refuse(headOf({ path: "/healthz" }), new AppError("method_not_allowed"));
    assert.deepEqual([elsewhere.status, elsewhere.headers.allow], [405, undefined]);
    const refused = ingest.refuse(
      headOf({ path: "/v1/traces", headers: protobuf }),
      new AppError("route_not_found"),
    );
    assert.equal(refused.headers["content-type"], "application/x-protobuf");
  });

  test("a slash at the end of a path changes nothing", async () => {
    const answer = await send(createWorld(), { path: `${hlc}/`, body: '{"event":"a"}' });
    assert.equal(answer.status, 200);
    assert.equal((await send(createWorld(), { path: `${hlc}/`, method: "GET" })).status, 405);
  });

  test("no answer repeats what was sent as a key", async () => {
    for (const authorization of [
      "Bearer tell-nobody",
      "tell-nobody",
      "Basic tell-nobody",
      "AWS4-HMAC-SHA256 tell-nobody",
    ]) {
      const answer = await send(createWorld(), { path: hlc, headers: { authorization } });
      assert.ok([401, 403].includes(answer.status));
      assert.ok(!answer.body.toString().includes("tell-nobody"));
    }
  });

  test("the scheme's case does not matter; Splunk, Basic and the query are for HEC's paths only", async () => {
    const basic = `Basic ${Buffer.from(`any:${goodKey}`).toString("base64")}`;
    const status = async (path: string, authorization: string | null, query = "", options = {}) =>
      (await send(createWorld(options), { path, body: event, headers: { authorization }, query })).status;
    assert.equal(await status("/ingest/json", `BEARER ${goodKey}`), 200);
    for (const authorization of [`Splunk ${goodKey}`, `sPLUNK ${goodKey}`, basic]) {
      assert.equal(await status(hlc, authorization), 200);
      assert.equal(await status("/ingest/json", authorization), 401);
    }
    const query = `token=${goodKey}`;
    assert.equal(await status(hlc, null, query), 401);
    assert.equal(await status(hlc, null, query, { hecQueryToken: true }), 200);
    assert.equal(await status("/ingest/json", null, query, { hecQueryToken: true }), 401);
  });

  test("an agent of Splunk's may send any media type to AWS's path too", async () => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    assert.equal((await send(createWorld(), { path: hlc, body: event, headers })).status, 400);
    const splunk = { ...headers, authorization: `Splunk ${goodKey}` };
    assert.equal((await send(createWorld(), { path: hlc, body: event, headers: splunk })).status, 200);
  });

  test("policies are asked for both actions, of the group and of the stream", async () => {
    const world = createWorld();
    await send(world, { path: hlc, body: event });
    const group = "arn:aws:logs:us-east-1:000000000000:log-group:/app:log-stream:";
    assert.deepEqual(world.asked, [
      `alice logs:CallWithBearerToken ${group}`,
      `alice logs:PutLogEvents ${group}main`,
    ]);
  });

  test("a group's tags are known to policies, as they are to those of PutLogEvents", async () => {
    const world = createWorld();
    const group = world.groups.get("/app");
    assert.ok(group);
    world.groups.set("/app", { ...group, tags: { stage: "prod" } });
    await send(world, { path: hlc, body: event });
    for (const { context } of world.questions) assert.deepEqual(context, { "aws:ResourceTag/stage": "prod" });
    assert.equal(world.questions.length, 2);
  });

  test("policies are asked before anybody learns whether a group exists, and the group's switch after that", async () => {
    for (const action of ["logs:CallWithBearerToken", "logs:PutLogEvents"]) {
      const world = createWorld({ denied: [action] });
      const answer = await send(world, { path: hlc, body: event, headers: { "x-aws-log-group": "/none" } });
      assert.equal(answer.status, 403);
      assert.match(answer.body.toString(), new RegExp(action));
    }
    const off = createWorld({ bearerEnabled: false });
    assert.equal((await send(off, { path: hlc, body: event })).status, 403);
    assert.equal((await send(off, { path: hlc, headers: { "x-aws-log-stream": "none" } })).status, 404);
  });

  test("group and stream may each come by header or query, and not by both", async () => {
    const status = async (path: string, query: string, headers: Record<string, string | null>) =>
      (await send(createWorld(), { path, body: '{"resourceLogs":[],"event":1}', query, headers })).status;
    const none = { "x-aws-log-group": null, "x-aws-log-stream": null };
    assert.equal(await status(hlc, "logGroup=%2Fapp&logStream=main", none), 200);
    assert.equal(await status(hlc, "logGroup=/app&logStream=main", none), 200);
    assert.equal(await status(hlc, "logStream=main", { "x-aws-log-stream": null }), 200);
    assert.equal(await status(hlc, "logStream=", {}), 200);
    assert.equal(await status(hlc, "logGroup=/app", {}), 400);
    assert.equal(await status(hlc, "logGroup=/app&logGroup=/app&logStream=main", none), 400);
    assert.equal(await status("/v1/logs", "logGroup=/app&logStream=main", none), 400);
    assert.equal(await status("/v1/logs", "logGroup=/else", {}), 200);
  });

  test("HEC's paths have defaults for agents that can name neither, where the operator set them", async () => {
    const none = { "x-aws-log-group": null, "x-aws-log-stream": null };
    const options = { hecDefaultGroup: "/app", hecDefaultStream: "main" };
    for (const path of [hlc, "/services/collector", "/services/collector/raw"]) {
      assert.equal((await send(createWorld(), { path, body: event, headers: none })).status, 400);
      assert.equal((await send(createWorld(options), { path, body: event, headers: none })).status, 200);
    }
    assert.equal(
      (await send(createWorld(options), { path: "/ingest/json", body: event, headers: none })).status,
      400,
    );
  });

  test("a missing target is made only where the operator allows it and policies do too", async () => {
    const headers = { "x-aws-log-group": "/new", "x-aws-log-stream": "s" };
    const made = createWorld({ missingTargets: true });
    assert.equal((await send(made, { path: hlc, body: event, headers })).status, 200);
    assert.deepEqual(
      made.notes.map(({ event: { eventName, eventCategory } }) => [eventName, eventCategory]),
      [
        ["CreateLogGroup", "Management"],
        ["CreateLogStream", "Management"],
        ["CallWithBearerToken", "Data"],
      ],
    );
    const denied = createWorld({ missingTargets: true, denied: ["logs:CreateLogGroup"] });
    assert.equal((await send(denied, { path: hlc, body: event, headers })).status, 403);
    assert.equal(denied.groups.has("/new"), false);
  });
});

describe("audit", () => {
  test("each use of a key of ours is recorded, allowed or denied, without the key or the events", async () => {
    const world = createWorld();
    await send(world, { path: "/ingest/bulk", body: event });
    const [note] = world.notes;
    assert.deepEqual(note?.event, {
      eventTimeMs: now,
      eventSource: "logs.amazonaws.com",
      eventName: "CallWithBearerToken",
      userIdentity: {
        type: "IAMUser",
        principalId: "AIDAalice",
        arn: "arn:aws:iam::000000000000:user/alice",
        accountId: "000000000000",
        userName: "alice",
        credentialId: "ACCAGOOD",
      },
      sourceIPAddress: "192.0.2.7",
      userAgent: "test",
      requestId: "request-1",
      readOnly: false,
      eventCategory: "Data",
      requestParameters: { logGroupName: "/app", logStreamName: "main" },
      resources: [
        {
          type: "AWS::Logs::LogGroupAuthorization",
          ARN: "arn:aws:logs:us-east-1:000000000000:log-group:/app",
        },
      ],
      additionalEventData: { bearerTokenType: "ACWL", path: "/ingest/bulk" },
      apiVersion: "20140328",
    });
    assert.deepEqual(note?.result, { responseElements: null });
    const denials = [
      [createWorld({ denied: ["logs:PutLogEvents"] }), {}],
      [createWorld({ bearerEnabled: false }), {}],
      [createWorld(), { authorization: "Bearer ACWLexpired" }],
      [createWorld(), { authorization: "Bearer ACWLinactive" }],
    ] as const;
    for (const [denied, headers] of denials) {
      await send(denied, { path: hlc, body: event, headers });
      assert.deepEqual(
        denied.notes.map(({ event, result }) => [result.errorCode, event.requestParameters]),
        [["AccessDenied", { logGroupName: "/app", logStreamName: "main" }]],
      );
    }
  });

  test("unknown keys have nobody to record, and signed requests are no use of a key", async () => {
    const world = createWorld();
    await send(world, { path: hlc, headers: { authorization: "Bearer ACWLunknown" } });
    assert.equal(world.notes.length, 0);
  });

  test("strict: what cannot be recorded is not stored", async () => {
    const world = createWorld({ strictAudit: true });
    world.failures.trail = new AppError("store_unavailable");
    const answer = await send(world, { path: hlc, body: event });
    assert.equal(answer.status, 503);
    assert.equal(answer.headers["retry-after"], "2");
    assert.equal(world.stored.length, 0);
  });
});
