import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import {
  bodyOf,
  createWorld,
  goodKey,
  headOf,
  isAdmission,
  now,
  otherKey,
  type Sent,
  send,
} from "../../test/support/ingest-world.ts";
import { AppError } from "../base/index.ts";

const hlc = "/services/collector/event";
const dayMs = 86_400_000;
const event = '{"event":"a"}';

describe("answers to good requests", () => {
  test("AWS's endpoints answer 200 and {}, with the durability and the request's id", async () => {
    for (const [path, body] of [
      [hlc, event],
      ["/ingest/bulk", event],
      ["/ingest/json", event],
      ["/v1/logs", '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{}]}]}]}'],
    ] as const) {
      const world = createWorld();
      const answer = await send(world, { path, body });
      assert.deepEqual(answer, {
        status: 200,
        headers: {
          "content-type": "application/json",
          "x-amzn-requestid": "request-1",
          "x-nephoscope-durability": "fsync",
        },
        body: "{}",
      });
      assert.equal(world.stored.length, 1);
      assert.equal(world.stored[0]?.events[0]?.timestampMs, now);
      assert.deepEqual(world.arrivals, [{ streamId: 10, first: now, last: now, ingestion: now }]);
      assert.equal(world.observed[0]?.events, 1);
    }
  });

  test("protobuf is answered in protobuf", async () => {
    const headers = { "content-type": "application/x-protobuf" };
    const answer = await send(createWorld(), { path: "/v1/logs", headers });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers["content-type"], "application/x-protobuf");
    assert.equal(answer.body.length, 0);
  });

  test("Splunk's own paths answer as Splunk does, whatever the media type", async () => {
    for (const path of [
      "/services/collector",
      "/services/collector/event/1.0",
      "/services/collector/raw",
      "/services/collector/raw/1.0",
    ]) {
      const world = createWorld();
      const headers = {
        "content-type": "application/x-www-form-urlencoded",
        authorization: `Splunk ${goodKey}`,
      };
      const answer = await send(world, { path, body: event, headers });
      assert.deepEqual(bodyOf(answer), { text: "Success", code: 0 });
      assert.equal(world.stored[0]?.events[0]?.message, event);
    }
  });

  test("health is answered without a key, and tells when memory is used up", async () => {
    const head = { path: "/services/collector/health/1.0", method: "GET", headers: { authorization: null } };
    assert.deepEqual(bodyOf(await send(createWorld(), head)), { text: "HEC is healthy", code: 17 });
    const full = await send(createWorld({ memoryBytesMax: 100 }), head);
    assert.equal(full.status, 503);
    assert.deepEqual(bodyOf(full), { text: "HEC is unhealthy, queues are full", code: 18 });
    assert.equal((await send(createWorld(), { ...head, method: "POST" })).status, 405);
  });

  test("gzip is taken on every path, and media types may have parameters", async () => {
    for (const path of [hlc, "/ingest/bulk", "/ingest/json", "/services/collector/raw"]) {
      const world = createWorld();
      const headers = { "content-encoding": "gzip", "content-type": "Application/JSON; charset=utf-8" };
      assert.equal((await send(world, { path, body: gzipSync(event), headers })).status, 200);
      assert.equal(world.stored[0]?.events[0]?.message, event);
    }
  });

  test("the mark before UTF-8 is no part of the first event", async () => {
    const world = createWorld();
    await send(world, { path: "/ingest/json", body: `\ufeff${event}` });
    assert.equal(world.stored[0]?.events[0]?.message, event);
  });
});

describe("events that are too old, too new or expired", () => {
  const ages = [now - 14 * dayMs - 1, now - 14 * dayMs - 2, now + 2 * 3_600_000 + 1, now - 3 * dayMs, now];
  const expected = '{"tooOldLogEventCount": 2, "tooNewLogEventCount": 1, "expiredLogEventCount": 1}';
  const partial = { partialSuccess: { rejectedLogRecords: 4, errorMessage: expected } };

  test("ND-JSON and JSON tell how many, in AWS's words", async () => {
    const texts = ages.map((timestamp) => JSON.stringify({ timestamp }));
    for (const [path, body] of [
      ["/ingest/bulk", texts.join("\n")],
      ["/ingest/json", `[${texts.join(",")}]`],
    ] as const) {
      const world = createWorld({ retentionDays: 1 });
      const answer = await send(world, { path, body });
      assert.equal(answer.status, 200);
      assert.deepEqual(bodyOf(answer), partial);
      assert.deepEqual(
        world.stored[0]?.events.map(({ timestampMs }) => timestampMs),
        [now],
      );
      assert.deepEqual(
        world.observed[0]?.left.map(({ reason, count }) => [reason, count]),
        [
          ["too-old", 2],
          ["too-new", 1],
          ["expired", 1],
        ],
      );
    }
  });

  test("the HEC formats say nothing of them", async () => {
    const body = ages.map((ms) => JSON.stringify({ time: ms / 1000, event: "a" })).join("");
    for (const [path, answer] of [
      [hlc, {}],
      ["/services/collector", { text: "Success", code: 0 }],
    ] as const) {
      const world = createWorld({ retentionDays: 1 });
      assert.deepEqual(bodyOf(await send(world, { path, body })), answer);
      assert.equal(world.stored[0]?.events.length, 1);
    }
  });

  test("OTLP tells in the request's encoding", async () => {
    const logRecords = ages.map((ms) => ({ timeUnixNano: `${ms}000000` }));
    const json = await send(createWorld({ retentionDays: 1 }), {
      path: "/v1/logs",
      body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }),
    });
    assert.deepEqual(bodyOf(json), partial);
  });

  test("when all are rejected nothing is stored, and the answer is still 200", async () => {
    const world = createWorld();
    const answer = await send(world, { path: "/ingest/json", body: '{"timestamp":1700000000}' });
    assert.equal(answer.status, 200);
    assert.equal(world.stored.length, 0);
  });
});

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
        denied.notes.map(({ result }) => result.errorCode),
        ["AccessDenied"],
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

describe("bad requests", () => {
  const bad: readonly [name: string, sent: Sent, text: RegExp][] = [
    [
      "a wrong media type",
      { path: hlc, body: event, headers: { "content-type": "text/plain" } },
      /application\/json/,
    ],
    [
      "x-ndjson where it is not known",
      { path: hlc, body: event, headers: { "content-type": "application/x-ndjson" } },
      /application\/json/,
    ],
    [
      "OTLP without a media type",
      { path: "/v1/logs", body: "{}", headers: { "content-type": null } },
      /x-protobuf/,
    ],
    ["an unknown encoding", { path: hlc, body: event, headers: { "content-encoding": "br" } }, /gzip/],
    [
      "a list of encodings",
      { path: hlc, body: event, headers: { "content-encoding": "gzip, gzip" } },
      /gzip/,
    ],
    ["no gzip at all", { path: hlc, body: event, headers: { "content-encoding": "gzip" } }, /gzip/],
    [
      "gzip that breaks off",
      { path: hlc, body: gzipSync(event).subarray(0, 20), headers: { "content-encoding": "gzip" } },
      /cut off/,
    ],
    ["an empty body", { path: hlc }, /empty/],
    [
      "an empty body in gzip",
      { path: "/ingest/bulk", body: gzipSync(""), headers: { "content-encoding": "gzip" } },
      /empty/,
    ],
    ["text that is not UTF-8", { path: "/ingest/bulk", body: Buffer.from([0x22, 0xff, 0x22]) }, /UTF-8/],
    ["an overlong form", { path: "/services/collector/raw", body: Buffer.from([0xc0, 0xaf]) }, /UTF-8/],
    [
      "half a surrogate pair",
      { path: "/ingest/json", body: Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]) },
      /UTF-8/,
    ],
    [
      "a bad idempotency key",
      { path: hlc, body: event, headers: { "idempotency-key": "a b" } },
      /Idempotency-Key/,
    ],
    [
      "a long idempotency key",
      { path: hlc, body: event, headers: { "idempotency-key": "a".repeat(256) } },
      /Idempotency-Key/,
    ],
    ["broken JSON after good events", { path: hlc, body: `${event}{` }, /JSON/],
    ["only invalid lines", { path: "/ingest/bulk", body: "{" }, /^.*All events were invalid/],
  ];
  for (const [name, sent, text] of bad) {
    test(`${name} is 400, and nothing is stored`, async () => {
      const world = createWorld();
      const answer = await send(world, sent);
      assert.equal(answer.status, 400);
      assert.match(answer.body.toString(), text);
      assert.equal(world.stored.length, 0);
    });
  }

  test("other methods are 405 and told which one is right", async () => {
    for (const method of ["GET", "PUT", "DELETE", "OPTIONS"]) {
      const answer = await send(createWorld(), { path: hlc, method });
      assert.equal(answer.status, 405);
      assert.equal(answer.headers.allow, "POST");
    }
  });

  test("Splunk refuses objects without an event and bodies without any", async () => {
    const path = "/services/collector";
    assert.equal(
      (bodyOf(await send(createWorld(), { path, body: `${event}{"a":1}` })) as { code: number }).code,
      12,
    );
    assert.equal((bodyOf(await send(createWorld(), { path, body: "  " })) as { code: number }).code, 5);
    assert.equal((bodyOf(await send(createWorld(), { path, body: "{" })) as { code: number }).code, 6);
  });
});

describe("limits", () => {
  const mebibyte = 2 ** 20;
  const status = async (sent: Sent, options = {}) => (await send(createWorld(options), sent)).status;
  const padded = (bytes: number) => `{"event":"${"x".repeat(bytes - 12)}"}`;

  test("a body of 1 MiB is taken and one byte more is not, before and after inflation", async () => {
    const body = Array.from({ length: 4 }, () => padded(mebibyte / 4)).join("");
    assert.equal(body.length, mebibyte);
    assert.equal(await status({ path: hlc, body }), 200);
    assert.equal(await status({ path: hlc, body: `${body} ` }), 400);
    const headers = { "content-encoding": "gzip" };
    assert.equal(await status({ path: hlc, body: gzipSync(body), headers }), 200);
    assert.equal(await status({ path: hlc, body: gzipSync(`${body} `), headers }), 400);
  });

  test("a bomb is stopped at the limit", async () => {
    const body = gzipSync(Buffer.alloc(64 * mebibyte));
    for (const path of [hlc, "/ingest/bulk", "/v1/logs"])
      assert.equal(await status({ path, body, headers: { "content-encoding": "gzip" } }), 400);
  });

  test("an event of 256 KiB is taken and one byte more refuses the request", async () => {
    assert.equal(await status({ path: hlc, body: padded(262_144) }), 200);
    assert.equal(await status({ path: hlc, body: event + padded(262_145) }), 400);
    assert.equal(await status({ path: "/ingest/bulk", body: `${event}\n${padded(262_145)}` }), 400);
  });

  test("10,000 events are taken and 10,001 are not", async () => {
    assert.equal(await status({ path: hlc, body: event.repeat(10_000) }), 200);
    assert.equal(await status({ path: hlc, body: event.repeat(10_001) }), 400);
    assert.equal(await status({ path: "/ingest/bulk", body: "1\n".repeat(10_001) }), 400);
    assert.equal(await status({ path: "/ingest/json", body: `[${"1,".repeat(10_000)}1]` }), 400);
  });

  test("OTLP counts what is stored: a larger body is fine, more than 1 MiB of messages is not", async () => {
    const records = (count: number, text: string) =>
      JSON.stringify({
        resourceLogs: [
          {
            scopeLogs: [
              {
                logRecords: Array.from({ length: count }, () => ({
                  body: { stringValue: text },
                  unknown: text.repeat(2),
                })),
              },
            ],
          },
        ],
      });
    const body = records(20, "x".repeat(50_000));
    assert.ok(body.length > 2 * mebibyte);
    assert.equal(await status({ path: "/v1/logs", body }), 200);
    assert.equal(await status({ path: "/v1/logs", body: records(21, "x".repeat(50_000)) }), 400);
    assert.equal(await status({ path: "/v1/logs", body: records(1, "x".repeat(mebibyte)) }), 400);
  });

  test("OTLP's events span 24 hours at most, those that are rejected not counted; the other formats may span more", async () => {
    const otlp = (...times: number[]) =>
      JSON.stringify({
        resourceLogs: [{ scopeLogs: [{ logRecords: times.map((ms) => ({ timeUnixNano: `${ms}000000` })) }] }],
      });
    const path = "/v1/logs";
    assert.equal(await status({ path, body: otlp(now, now - dayMs) }), 200);
    assert.equal(await status({ path, body: otlp(now, now - dayMs - 1) }), 400);
    assert.equal(await status({ path, body: otlp(now, 1000) }), 200);
    assert.equal(
      await status({ path: "/ingest/json", body: `[{"timestamp":${now}},{"timestamp":${now - 5 * dayMs}}]` }),
      200,
    );
  });

  test("more requests a second than one key may make are 429 with Retry-After; others are not held up", async () => {
    const world = createWorld({ requestsPerSecond: 2 });
    const sent = { path: hlc, body: event };
    const other = { ...sent, headers: { authorization: `Bearer ${otherKey}` } };
    assert.deepEqual([(await send(world, sent)).status, (await send(world, sent)).status], [200, 200]);
    const third = await send(world, sent);
    assert.equal(third.status, 429);
    assert.equal(third.headers["retry-after"], "1");
    assert.equal((await send(world, other)).status, 200);
    world.clock.advance(500);
    assert.equal((await send(world, sent)).status, 200);
  });
});

describe("memory", () => {
  const large = { path: hlc, body: `${event}${" ".repeat(400_000)}` };

  test("what does not fit is 503 before its body is asked for, on every path with Retry-After, and fits again afterwards", async () => {
    const world = createWorld({ memoryBytesMax: 3_000_000 });
    const held = await world.ingest.admit(headOf(large));
    const mine = await world.ingest.admit(
      headOf({ ...large, headers: { authorization: `Bearer ${otherKey}` } }),
    );
    assert.ok(isAdmission(held) && isAdmission(mine));
    const third = headOf({ ...large, headers: { authorization: `Bearer ${otherKey}` } });
    for (const path of [hlc, "/v1/logs", "/services/collector"]) {
      const refused = await world.ingest.admit({ ...third, path });
      assert.ok(!isAdmission(refused));
      assert.equal(refused.status, 503);
      assert.equal(refused.headers["retry-after"], "1");
    }
    held.release();
    held.release();
    assert.ok(isAdmission(await world.ingest.admit(third)) === false);
    mine.release();
    assert.ok(isAdmission(await world.ingest.admit(third)));
  });

  test("one key has half of it, and is told 429", async () => {
    const world = createWorld({ memoryBytesMax: 4_000_000 });
    assert.ok(isAdmission(await world.ingest.admit(headOf(large))));
    const second = await world.ingest.admit(headOf(large));
    assert.ok(!isAdmission(second));
    assert.equal(second.status, 429);
    assert.equal(second.headers["retry-after"], "1");
    assert.ok(
      isAdmission(
        await world.ingest.admit(headOf({ ...large, headers: { authorization: `Bearer ${otherKey}` } })),
      ),
    );
  });

  test("a request that is larger than the budget is taken when it is alone", async () => {
    const world = createWorld({ memoryBytesMax: 100_000 });
    assert.equal((await send(world, large)).status, 200);
    assert.equal((await send(world, large)).status, 200);
  });

  test("a body of unknown length takes room as it comes", async () => {
    const world = createWorld({ memoryBytesMax: 2_000_000 });
    const other = headOf({ path: hlc, chunked: true, headers: { authorization: `Bearer ${otherKey}` } });
    assert.ok(isAdmission(await world.ingest.admit(other)));
    const decision = await world.ingest.admit(headOf({ path: hlc, chunked: true }));
    assert.ok(isAdmission(decision));
    decision.hold(100_000);
    let refusal: unknown;
    try {
      for (let i = 0; i < 10; i++) decision.hold(100_000);
    } catch (error) {
      refusal = error;
    }
    assert.ok(refusal instanceof AppError && refusal.code === "overloaded");
    assert.equal(decision.reject(refusal).status, 503);
    decision.release();
    assert.ok(isAdmission(await world.ingest.admit(headOf({ ...large, chunked: true }))));
  });
});

describe("stores in trouble", () => {
  test("an event that could not be written is not acknowledged", async () => {
    for (const code of ["store_unavailable", "storage_full"] as const) {
      const world = createWorld();
      world.failures.append = new AppError(code);
      const answer = await send(world, { path: "/ingest/json", body: event });
      assert.equal(answer.status, 503);
      assert.ok(Number(answer.headers["retry-after"]) >= 1);
      assert.equal(world.arrivals.length, 0);
    }
  });

  test("a database that does not answer is 503, and a mistake of ours is 500 and leaks nothing", async () => {
    const gone = createWorld();
    gone.failures.directory = new AppError("store_unavailable");
    assert.equal((await send(gone, { path: hlc, body: event })).status, 503);
    const broken = createWorld();
    broken.failures.append = new TypeError("inner secret");
    const answer = await send(broken, {
      path: "/v1/logs",
      body: '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{}]}]}]}',
    });
    assert.equal(answer.status, 500);
    assert.ok(!answer.body.toString().includes("inner secret"));
  });
});

describe("entities", () => {
  test("a service is stored beside its events, and a bad one costs no event", async () => {
    const good = createWorld();
    await send(good, { path: hlc, body: event, query: "entityName=shop&entityEnvironment=eks%3Aprod" });
    assert.deepEqual(JSON.parse(good.stored[0]?.entity ?? ""), {
      keyAttributes: { Environment: "eks:prod", Name: "shop", Type: "Service" },
    });
    const bad = createWorld();
    await send(bad, { path: hlc, body: event, query: "entityName=shop" });
    assert.equal(bad.stored[0]?.entity, undefined);
    assert.equal(bad.stored[0]?.events.length, 1);
    assert.deepEqual(
      bad.observed[0]?.left.map(({ reason }) => reason),
      ["invalid-entity"],
    );
  });
});

describe("Idempotency-Key", () => {
  const sent = (key: string, body = event): Sent => ({
    path: "/ingest/json",
    body,
    headers: { "idempotency-key": key },
  });

  test("a repetition stores nothing and gets the same answer, also after the store is all that remembers", async () => {
    const world = createWorld();
    const old = sent("k", `[{"timestamp":1},${event}]`);
    const first = await send(world, old);
    assert.deepEqual(await send(world, old), first);
    assert.equal(world.stored.length, 1);
    const restarted = createWorld();
    restarted.stored.push(...world.stored);
    assert.deepEqual(await send(restarted, old), first);
    assert.equal(restarted.stored.length, 1);
    assert.equal(restarted.lookups.length, 1);
  });

  test("other keys, streams and credentials are other requests", async () => {
    const world = createWorld();
    world.streams.set("1:second", { id: 11, name: "second" });
    await send(world, sent("k"));
    await send(world, sent("l"));
    await send(world, { ...sent("k"), headers: { "idempotency-key": "k", "x-aws-log-stream": "second" } });
    await send(world, {
      ...sent("k"),
      headers: { "idempotency-key": "k", authorization: `Bearer ${otherKey}` },
    });
    assert.equal(world.stored.length, 4);
    assert.equal(new Set(world.stored.map(({ idempotencyKey }) => idempotencyKey)).size, 4);
  });

  test("two at the same time share one write", async () => {
    const world = createWorld();
    const gate = Promise.withResolvers<void>();
    world.gate.open = gate.promise;
    const both = Promise.all([send(world, sent("k")), send(world, sent("k"))]);
    gate.resolve();
    assert.deepEqual(
      (await both).map(({ status }) => status),
      [200, 200],
    );
    assert.equal(world.stored.length, 1);
  });

  test("the same key with another body is 400", async () => {
    const world = createWorld();
    await send(world, sent("k"));
    const answer = await send(world, sent("k", '{"event":"b"}'));
    assert.equal(answer.status, 400);
    assert.match(answer.body.toString(), /another body/);
  });

  test("a request that failed may be repeated, and one that was bad may be corrected", async () => {
    const world = createWorld();
    world.failures.append = new AppError("store_unavailable");
    assert.equal((await send(world, sent("k"))).status, 503);
    delete world.failures.append;
    assert.equal((await send(world, sent("k"))).status, 200);
    assert.equal((await send(world, sent("l", "{"))).status, 400);
    assert.equal((await send(world, sent("l"))).status, 200);
    assert.equal(world.stored.length, 2);
  });

  test("after 24 hours a key is new", async () => {
    const world = createWorld();
    await send(world, sent("k"));
    world.clock.advance(dayMs + 1);
    world.stored.length = 0;
    assert.equal((await send(world, sent("k", '{"event":"b"}'))).status, 200);
    assert.equal(world.stored.length, 1);
  });
});
