import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { expireKey } from "../support/expire-key.ts";
import { filesWith, formsOf, partsOfKey } from "../support/leaks.ts";
import { jsonFormats, type LogFormat, logFormats, otlpFormats } from "../support/log-formats.ts";
import {
  createLogTarget,
  type LogTarget,
  storedMessages,
  switchBearer,
  targetHeaders,
  targetQuery,
} from "../support/log-target.ts";
import { exchangeRaw, openRaw, readToEnd } from "../support/raw-http.ts";
import { startServer, type TestServer } from "../support/server.ts";

/** In the text of every event that must not be stored. */
const refusedMark = "REFUSED";
const mebibyte = 2 ** 20;

/** Status, AWS's name and the code of google.rpc.Status. */
const kinds = {
  noCredentials: [401, "MissingAuthenticationTokenException", 16],
  malformedAuthorization: [401, "IncompleteSignatureException", 16],
  unusableKey: [401, "UnrecognizedClientException", 16],
  expiredKey: [401, "ExpiredTokenException", 16],
  forbidden: [403, "AccessDeniedException", 7],
  invalid: [400, "InvalidParameterException", 3],
  notFound: [404, "ResourceNotFoundException", 5],
  notPost: [405, "UnsupportedOperationException", 12],
} as const;
type Kind = keyof typeof kinds;

interface Request {
  readonly method?: string;
  readonly query?: string;
  /** Null takes a header away. */
  readonly headers?: Record<string, string | null>;
  readonly body?: Buffer;
}

describe("the endpoint for logs, sent what is wrong", { timeout: 300_000 }, () => {
  let directory: string;
  let server: TestServer;
  let target: LogTarget;
  let expired: LogTarget;
  let slow: Promise<string>[];
  const keys: string[] = [];
  /** Everything that was answered, to look for keys in it. */
  const answers: string[] = [];

  const makeTarget = async (): Promise<LogTarget> => {
    const made = await createLogTarget(server);
    keys.push(made.key);
    return made;
  };

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "nepho-bad-"));
    server = await startServer({ directory });
    expired = await makeTarget();
    await server.end();
    await expireKey(directory, expired.keyId);
    server = await startServer({ directory });
    target = await makeTarget();
    slow = logFormats.map((format) => sendSlowly(format));
  });
  after(async () => {
    await server?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  /** To `target` by headers, unless the request says otherwise. */
  const send = async (format: LogFormat, request: Request = {}, to: LogTarget = target) => {
    const headers = {
      authorization: `Bearer ${to.key}`,
      "content-type": format.contentType,
      ...targetHeaders(to),
      ...request.headers,
    };
    const { method = "POST", query = "", body = format.body(refusedMark) } = request;
    const response = await fetch(`${server.endpointUrl}${format.path}${query}`, {
      method,
      headers: Object.entries(headers).filter((header): header is [string, string] => header[1] !== null),
      ...(method === "POST" ? { body: new Uint8Array(body) } : {}),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    answers.push(JSON.stringify([...response.headers]) + bytes.toString("latin1"));
    return { status: response.status, headers: response.headers, body: bytes };
  };
  type Answer = Awaited<ReturnType<typeof send>>;

  const assertRefused = (format: LogFormat, answer: Answer, kind: Kind) => {
    const [status, awsName, rpcCode] = kinds[kind];
    assert.equal(answer.status, status, `${format.name}: ${answer.body}`);
    const { name, message } = format.readError(answer.body);
    assert.equal(name, format.otlp ? rpcCode : awsName, format.name);
    assert.notEqual(message, "", "says what is wrong");
    const contentType = format.contentType.replace("x-ndjson", "json");
    assert.equal(answer.headers.get("content-type"), contentType);
    assert.match(answer.headers.get("x-amzn-requestid") ?? "", /^[0-9a-f-]{36}$/);
    assert.equal(answer.headers.get("x-nephoscope-durability"), null);
  };
  const assertAccepted = (format: LogFormat, answer: Answer) => {
    assert.equal(answer.status, 200, `${format.name}: ${answer.body}`);
    assert.equal(answer.body.toString(), format.contentType === "application/x-protobuf" ? "" : "{}");
    assert.equal(answer.headers.get("x-nephoscope-durability"), "fsync");
  };
  const nothingWasStored = async (to: LogTarget = target) =>
    assert.deepEqual(await storedMessages(server, to.group), []);

  describe("in every format", () => {
    const without = (name: string) => ({ headers: { [name]: null } });
    const shown = (authorization: string) => ({ headers: { authorization } });
    const named = (header: string, value: string) => ({ headers: { [header]: value } });
    const cases: readonly [name: string, kind: Kind, request: Request | ((format: LogFormat) => Request)][] =
      [
        ["no credentials", "noCredentials", without("authorization")],
        ["an unknown scheme", "malformedAuthorization", shown("Digest abc")],
        ["a scheme alone", "malformedAuthorization", shown("Bearer")],
        ["a signature that is cut off", "malformedAuthorization", shown("AWS4-HMAC-SHA256 Credential=AKIA")],
        ["no key at all", "unusableKey", shown("Bearer hello")],
        [
          "a key that nobody made",
          "unusableKey",
          shown(`Bearer ACWL${btoa(`nobody-at-000000000000:${"x".repeat(60)}`)}`),
        ],
        ["a key of 10,000 characters", "unusableKey", shown(`Bearer ACWL${"A".repeat(10_000)}`)],
        ["no log group", "invalid", without("x-aws-log-group")],
        ["no log stream", "invalid", without("x-aws-log-stream")],
        ["a log group that does not exist", "notFound", named("x-aws-log-group", "/none")],
        ["a log stream that does not exist", "notFound", named("x-aws-log-stream", "none")],
        ["a log group of 513 characters", "invalid", named("x-aws-log-group", "g".repeat(513))],
        ["a log stream of 513 characters", "invalid", named("x-aws-log-stream", "s".repeat(513))],
        ["a name with a colon", "invalid", named("x-aws-log-stream", "a:b")],
        ["another media type", "invalid", named("content-type", "text/plain")],
        ["another compression", "invalid", named("content-encoding", "br")],
        ["two compressions", "invalid", named("content-encoding", "gzip, gzip")],
        ["an empty Idempotency-Key", "invalid", named("idempotency-key", "")],
        ["an Idempotency-Key of 256 characters", "invalid", named("idempotency-key", "k".repeat(256))],
        ["what is said to be gzip and is not", "invalid", named("content-encoding", "gzip")],
        [
          "gzip that is cut off",
          "invalid",
          (format) => ({
            headers: { "content-encoding": "gzip" },
            body: gzipSync(format.body(refusedMark)).subarray(0, -9),
          }),
        ],
        [
          "gzip within gzip",
          "invalid",
          (format) => ({
            headers: { "content-encoding": "gzip" },
            body: gzipSync(gzipSync(format.body(refusedMark))),
          }),
        ],
        [
          "a bomb of gzip",
          "invalid",
          () => ({
            headers: { "content-encoding": "gzip" },
            body: gzipSync(Buffer.alloc(256 * mebibyte, " ")),
          }),
        ],
        [
          "a body that is cut off",
          "invalid",
          (format) => ({ body: format.body(refusedMark).subarray(0, -4) }),
        ],
        [
          "noise",
          "invalid",
          () => ({ body: Buffer.from(Array.from({ length: 999 }, (_, i) => (i * 37) % 256)) }),
        ],
      ];
    for (const [name, kind, request] of cases) {
      // Its rest is another media type for protobuf, and the answer is in JSON.
      const formats = name === "another media type" ? jsonFormats : logFormats;
      test(`${name}: ${kinds[kind][0]}`, async () => {
        for (const format of formats)
          assertRefused(
            format,
            await send(format, typeof request === "function" ? request(format) : request),
            kind,
          );
        await nothingWasStored();
      });
    }

    test("other methods: 405, and told which one is right", async () => {
      for (const format of logFormats)
        for (const method of ["GET", "PUT", "DELETE"]) {
          const answer = await send(format, { method });
          assertRefused(format, answer, "notPost");
          assert.equal(answer.headers.get("allow"), "POST");
        }
    });

    test("an expired key: 401", async () => {
      for (const format of logFormats) assertRefused(format, await send(format, {}, expired), "expiredKey");
      await nothingWasStored(expired);
    });

    test("a key that is inactive, of another service, denied by a policy, reset or deleted, and a group that is switched off", async () => {
      const own = await makeTarget();
      const refused = async (kind: Kind, changes: Request = {}) => {
        for (const format of logFormats) assertRefused(format, await send(format, changes, own), kind);
      };
      const setStatus = (status: string) => server.api("PUT", `/api/v1/keys/${own.keyId}`, { status });
      await refused("forbidden", { headers: { authorization: `Bearer ${server.firstRun.restToken}` } });
      await setStatus("Inactive");
      await refused("unusableKey");
      await setStatus("Active");
      await switchBearer(server, own, false);
      await refused("forbidden");
      await switchBearer(server, own, true);
      const user = `/api/v1/users/${own.userName}`;
      await server.api("PUT", user, { policies: ["ReadOnlyAccess"] });
      await refused("forbidden");
      await refused("forbidden", { headers: { "x-aws-log-group": "/none" } });
      await server.api("PUT", user, { policies: ["CloudWatchLogsAPIKeyAccess"] });
      const { secret } = await server.api("POST", `/api/v1/keys/${own.keyId}/reset`);
      keys.push(secret);
      await refused("unusableKey");
      await server.api("DELETE", `/api/v1/keys/${own.keyId}`);
      await refused("unusableKey");
      await refused("unusableKey", { headers: { authorization: `Bearer ${secret}` } });
      await nothingWasStored(own);
    });
  });

  describe("in formats of text", () => {
    const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
    const broken: readonly [name: string, text: string | Buffer][] = [
      ["an empty body", ""],
      ["an object that is not closed", `{"event":"${refusedMark}"`],
      ["a zero byte in a text", `{"event":"${refusedMark}\0"}`],
      ["a line feed in a text", `{"event":"${refusedMark}\n`],
      ["a number that is none", '{"event":01}'],
      ["half a pair of \\u digits", '{"event":"\\u12"}'],
      [
        "bytes that are not UTF-8",
        Buffer.from([...Buffer.from(`{"event":"${refusedMark}`), 0xc3, 0x28, 0x22, 0x7d]),
      ],
      ["a surrogate in UTF-8", Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
      ["UTF-16", Buffer.from('{"event":"x"}', "utf16le")],
      ["a million levels", "[".repeat(mebibyte - 1)],
      ["65 levels below the event", `{"event":${deep(65)}}`],
    ];
    for (const [name, body] of broken)
      test(`${name}: 400`, async () => {
        for (const format of [...jsonFormats, otlpFormats[0] as LogFormat]) {
          const answer = await send(format, { body: Buffer.from(body) });
          assertRefused(format, answer, "invalid");
        }
        await nothingWasStored();
      });

    test("rubbish behind good events: 400, and the good ones are not stored either", async () => {
      for (const format of [jsonFormats[0], jsonFormats[2], otlpFormats[0]] as LogFormat[]) {
        const body = Buffer.concat([format.body(refusedMark), Buffer.from('{"event":')]);
        assertRefused(format, await send(format, { body }), "invalid");
      }
      await nothingWasStored();
    });

    test("one bad line of ND-JSON costs that line", async () => {
      const own = await makeTarget();
      const [, ndJson] = jsonFormats as [LogFormat, LogFormat];
      const body = Buffer.from(`{"m":1}\n{"m":\n\n[1,{"m":2}]\r\n"x" y\n[]\n7`);
      assertAccepted(ndJson, await send(ndJson, { body }, own));
      assert.deepEqual(await storedMessages(server, own.group), ['{"m":1}', "1", '{"m":2}', "7"]);
      const allBad = await send(ndJson, { body: Buffer.from("{\n}\n") }, own);
      assertRefused(ndJson, allBad, "invalid");
      assert.equal(ndJson.readError(allBad.body).message, "All events were invalid");
    });
  });

  describe("names of group and stream", () => {
    test("by header and by query: 400, each by one of them: 200", async () => {
      const own = await makeTarget();
      const { "x-aws-log-group": group, "x-aws-log-stream": stream } = targetHeaders(own);
      const byQuery = (parameter: string, value: string) => `?${parameter}=${encodeURIComponent(value)}`;
      for (const format of jsonFormats) {
        assertRefused(format, await send(format, { query: targetQuery(own) }, own), "invalid");
        assertRefused(format, await send(format, { query: byQuery("logGroup", group) }, own), "invalid");
        assertRefused(format, await send(format, { query: byQuery("logStream", stream) }, own), "invalid");
        const headers = { "x-aws-log-group": null, "x-aws-log-stream": null };
        const twice = `${targetQuery(own)}&logGroup=other`;
        assertRefused(format, await send(format, { query: twice, headers }, own), "invalid");
        const body = format.body("kept");
        const mixed = { query: byQuery("logGroup", group), headers: { "x-aws-log-group": null }, body };
        assertAccepted(format, await send(format, mixed, own));
      }
      assert.equal((await storedMessages(server, own.group)).length, jsonFormats.length);
    });

    test("by query alone is not enough for OTLP", async () => {
      const headers = { "x-aws-log-group": null, "x-aws-log-stream": null };
      for (const format of otlpFormats)
        assertRefused(format, await send(format, { query: targetQuery(target), headers }), "invalid");
    });

    test("twice as headers: 400 before anybody is asked who it is", async () => {
      for (const format of logFormats) {
        const body = format.body(refusedMark);
        const head = headOf(server, format, target, { "content-length": String(body.length) });
        const doubled = head.replace("x-aws-log-group:", "x-aws-log-group: other\r\nx-aws-log-group:");
        const answer = await exchangeRaw(server.endpointUrl, Buffer.concat([Buffer.from(doubled), body]));
        assert.match(answer, /^HTTP\/1.1 400 .*x-aws-log-group occurs more than once/s);
      }
      await nothingWasStored();
    });
  });

  describe("limits", () => {
    test("the largest body is taken, and one byte more is 400, compressed or not", async () => {
      const own = await makeTarget();
      for (const format of logFormats) {
        const bytesMax = format.otlp ? 5 * mebibyte : mebibyte;
        const good = format.padded("kept", bytesMax);
        const bad = format.padded(refusedMark, bytesMax + 1);
        assertAccepted(format, await send(format, { body: good }, own));
        assertRefused(format, await send(format, { body: bad }, own), "invalid");
        const headers = { "content-encoding": "gzip" };
        assertAccepted(format, await send(format, { headers, body: gzipSync(good) }, own));
        assertRefused(format, await send(format, { headers, body: gzipSync(bad) }, own), "invalid");
      }
      const stored = await storedMessages(server, own.group);
      assert.equal(stored.length, 2 * logFormats.length);
      assert.equal(
        stored.some((message) => message.includes(refusedMark)),
        false,
      );
    });

    test("10,000 events are taken, and one more is 400 for all", async () => {
      const own = await makeTarget();
      // A record of OTLP takes so many bytes that its requests meet the limit on bytes before.
      const texts = Array.from({ length: 10_001 }, (_, i) => String(i));
      for (const format of jsonFormats) {
        const good = format.body(...texts.slice(0, 10_000));
        assertAccepted(format, await send(format, { body: good }, own));
        assertRefused(format, await send(format, { body: format.body(...texts) }, own), "invalid");
      }
      const expected = jsonFormats.length * 10_000;
      assert.equal((await storedMessages(server, own.group)).length, expected);
    });

    test("an event of 256 KiB is taken, and one byte more is 400", async () => {
      const own = await makeTarget();
      for (const format of jsonFormats) {
        const shell = Buffer.byteLength(format === jsonFormats[0] ? '{"event":""}' : '{"m":""}');
        const good = format.body("x".repeat(2 ** 18 - shell));
        assertAccepted(format, await send(format, { body: good }, own));
        const bad = format.body("x".repeat(2 ** 18 - shell + 1));
        assertRefused(format, await send(format, { body: bad }, own), "invalid");
      }
      assert.deepEqual(
        (await storedMessages(server, own.group)).map((message) => message.length),
        jsonFormats.map(() => 2 ** 18),
      );
    });

    test("OTLP may store 1,048,576 bytes, 26 of them for each event, and not one more", async () => {
      for (const format of otlpFormats) {
        const own = await makeTarget();
        assertAccepted(format, await send(format, { body: format.body("") }, own));
        const [empty = ""] = await storedMessages(server, own.group);
        const room = mebibyte - 26 - Buffer.byteLength(empty);
        assertAccepted(format, await send(format, { body: format.body("x".repeat(room)) }, own));
        assertRefused(
          format,
          await send(format, { body: format.body("x".repeat(room + 1)) }, own),
          "invalid",
        );
        assert.equal((await storedMessages(server, own.group)).length, 2);
      }
    });

    test("OTLP's values nest 32 levels deep", async () => {
      const own = await makeTarget();
      const nested = (levels: number): string =>
        `${'{"arrayValue":{"values":['.repeat(levels - 1)}{"stringValue":"x"}${"]}}".repeat(levels - 1)}`;
      const body = (levels: number) =>
        Buffer.from(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":${nested(levels)}}]}]}]}`);
      const [format] = otlpFormats as [LogFormat];
      assertAccepted(format, await send(format, { body: body(32) }, own));
      assertRefused(format, await send(format, { body: body(33) }, own), "invalid");
      assertRefused(format, await send(format, { body: body(20_000) }, own), "invalid");
    });

    test("headers beyond 16 KiB: 431", async () => {
      const head = headOf(server, jsonFormats[0] as LogFormat, target, { "x-long": "x".repeat(17_000) });
      assert.match(await exchangeRaw(server.endpointUrl, head), /^HTTP\/1.1 431 /);
    });
  });

  test("events beyond each limit of age are counted in the answer, and the others are stored", async () => {
    const own = await makeTarget();
    await server.api("PUT", `/api/v1/logs/group/retention?name=${encodeURIComponent(own.group)}`, {
      retentionDays: 3,
    });
    const dayMs = 86_400_000;
    const now = Date.now();
    const times = [now - 14 * dayMs - 60_000, now - 3 * dayMs - 60_000, now + 7_200_000 + 60_000, now];
    const [hlc, ndJson, json] = jsonFormats as [LogFormat, LogFormat, LogFormat];
    const told = {
      partialSuccess: {
        rejectedLogRecords: 3,
        errorMessage: '{"tooOldLogEventCount": 1, "tooNewLogEventCount": 1, "expiredLogEventCount": 1}',
      },
    };
    const objects = times.map((timestamp) => JSON.stringify({ timestamp }));
    for (const [format, body] of [
      [ndJson, objects.join("\n")],
      [json, `[${objects}]`],
    ] as const) {
      const answer = await send(format, { body: Buffer.from(body) }, own);
      assert.deepEqual([answer.status, JSON.parse(answer.body.toString())], [200, told]);
    }
    const events = times.map((time) => JSON.stringify({ event: "x", time: time / 1000 })).join("");
    assertAccepted(hlc, await send(hlc, { body: Buffer.from(events) }, own));
    const stored = await storedMessages(server, own.group);
    assert.equal(stored.length, 3);
    const { items } = await server.api(
      "GET",
      `/api/v1/logs/rejections?group=${encodeURIComponent(own.group)}`,
    );
    const counted = items.map((one: any) => [one.keyId === own.keyId, one.reason, one.count]).sort();
    assert.deepEqual(
      counted,
      ["expired", "too_new", "too_old"].map((reason) => [true, reason, 3]),
    );
  });

  describe("on the wire", () => {
    test("uploads that are broken off store nothing and take nothing from the others", async () => {
      const format = jsonFormats[1] as LogFormat;
      const head = headOf(server, format, target, { "content-length": "1000000" });
      for (let i = 0; i < 100; i++) {
        const socket = await openRaw(server.endpointUrl);
        socket.write(head + format.body(refusedMark).toString().repeat(100));
        setTimeout(() => socket.destroy(), 20);
      }
      const chunked = headOf(server, format, target, { "transfer-encoding": "chunked" });
      for (const rest of ["ffff\r\n{", "zz\r\n", "5\r\n{}\n{}\r\n"]) {
        const socket = await openRaw(server.endpointUrl);
        socket.write(chunked + rest);
        setTimeout(() => socket.destroy(), 200);
      }
      const own = await makeTarget();
      assertAccepted(format, await send(format, { body: format.body("kept") }, own));
      await nothingWasStored();
    });

    test("what is no HTTP: 400", async () => {
      for (const bytes of ["\x16\x03\x01\x02\x00\x01\x00", "POST /ingest/json\r\n\r\n", "\0\0\0\0\r\n\r\n"])
        assert.match(await exchangeRaw(server.endpointUrl, bytes), /^HTTP\/1.1 400 /);
      const target_ = headOf(server, jsonFormats[2] as LogFormat, target, { "content-length": "2" });
      for (const head of [
        target_.replace("content-length: 2", "content-length: 2\r\ncontent-length: 3"),
        target_.replace("content-length: 2", "content-length: 2\r\ntransfer-encoding: chunked"),
        target_.replace("content-length: 2", "content-length: -2"),
        target_.replace("/ingest/json", "/ingest/json?logGroup=%00"),
      ])
        assert.match(await exchangeRaw(server.endpointUrl, `${head}{}`), /^HTTP\/1.1 400 /);
    });

    test("bodies that take longer than half a minute: 408, and nothing is stored", async () => {
      for (const answer of await Promise.all(slow)) assert.match(answer, /^HTTP\/1.1 408 /);
      await nothingWasStored();
    });
  });

  test("after all that the same server takes good events, and no key is in an answer, its output or its data", async () => {
    const own = await makeTarget();
    for (const format of logFormats)
      assertAccepted(format, await send(format, { body: format.body("kept") }, own));
    assert.equal((await storedMessages(server, own.group)).length, logFormats.length);
    await nothingWasStored();
    assert.equal(server.process.exitCode, null);
    assert.equal(/"level":"(error|fatal)"/.test(server.output()), false, server.output().slice(-2000));
    const forms = keys.flatMap(partsOfKey).flatMap(formsOf);
    const told = answers.join("\n") + server.output();
    assert.equal(
      forms.some((form) => told.includes(form)),
      false,
    );
    assert.deepEqual(await filesWith(directory, forms), []);
  });

  /** A few bytes a second, of a body that would be good. */
  async function sendSlowly(format: LogFormat): Promise<string> {
    const body = format.padded(refusedMark, 4096 + 64);
    const socket = await openRaw(server.endpointUrl);
    socket.write(headOf(server, format, target, { "content-length": String(body.length) }));
    let at = 0;
    const timer = setInterval(() => {
      socket.write(body.subarray(at, at + 10));
      at += 10;
    }, 500);
    try {
      return await readToEnd(socket);
    } finally {
      clearInterval(timer);
    }
  }
});

/** The first bytes of a request, on a connection that is to be closed after it. */
function headOf(
  server: TestServer,
  format: LogFormat,
  target: LogTarget,
  headers: Record<string, string>,
): string {
  const all = {
    host: new URL(server.endpointUrl).host,
    connection: "close",
    authorization: `Bearer ${target.key}`,
    "content-type": format.contentType,
    ...targetHeaders(target),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${format.path} HTTP/1.1\r\n${lines.join("")}\r\n`;
}
