import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { badRequests, brokenTexts } from "../support/bad-log-requests.ts";
import { expireKey } from "../support/expire-key.ts";
import {
  assertAccepted,
  assertRefused,
  headOf,
  type Kind,
  kinds,
  mebibyte,
  type Request,
  refusedMark,
  useLogEndpoint,
} from "../support/log-endpoint.ts";
import { jsonFormats, type LogFormat, logFormats, otlpFormats } from "../support/log-formats.ts";
import {
  type LogTarget,
  storedMessages,
  switchBearer,
  targetHeaders,
  targetQuery,
} from "../support/log-target.ts";
import { exchangeRaw, openRaw, readToEnd } from "../support/raw-http.ts";

describe("the endpoint for logs, sent what is wrong", { timeout: 300_000 }, () => {
  const endpoint = useLogEndpoint();
  const { assertNothingStored, makeTarget, send } = endpoint;
  let expired: LogTarget;
  let slow: Promise<string>[];
  before(async () => {
    expired = await makeTarget();
    await endpoint.restart((directory) => expireKey(directory, expired.keyId));
    slow = logFormats.map((format) => sendSlowly(format));
  });

  describe("in every format", () => {
    for (const [name, kind, request] of badRequests) {
      // Its rest is another media type for protobuf, and the answer is in JSON.
      const formats = name === "another media type" ? jsonFormats : logFormats;
      test(`${name}: ${kinds[kind][0]}`, async () => {
        for (const format of formats)
          assertRefused(
            format,
            await send(format, typeof request === "function" ? request(format) : request),
            kind,
          );
        await assertNothingStored();
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
      await assertNothingStored(expired);
    });

    test("a key that is inactive, of another service, denied by a policy, reset or deleted, and a group that is switched off", async () => {
      const { server } = endpoint;
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
      endpoint.noteKey(secret);
      await refused("unusableKey");
      await server.api("DELETE", `/api/v1/keys/${own.keyId}`);
      await refused("unusableKey");
      await refused("unusableKey", { headers: { authorization: `Bearer ${secret}` } });
      await assertNothingStored(own);
    });
  });

  describe("in formats of text", () => {
    for (const [name, body] of brokenTexts)
      test(`${name}: 400`, async () => {
        for (const format of [...jsonFormats, otlpFormats[0] as LogFormat]) {
          const answer = await send(format, { body: Buffer.from(body) });
          assertRefused(format, answer, "invalid");
        }
        await assertNothingStored();
      });

    test("rubbish behind good events: 400, and the good ones are not stored either", async () => {
      for (const format of [jsonFormats[0], jsonFormats[2], otlpFormats[0]] as LogFormat[]) {
        const body = Buffer.concat([format.body(refusedMark), Buffer.from('{"event":')]);
        assertRefused(format, await send(format, { body }), "invalid");
      }
      await assertNothingStored();
    });

    test("one bad line of ND-JSON costs that line", async () => {
      const { server } = endpoint;
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
      const { server } = endpoint;
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
      const { target } = endpoint;
      const headers = { "x-aws-log-group": null, "x-aws-log-stream": null };
      for (const format of otlpFormats)
        assertRefused(format, await send(format, { query: targetQuery(target), headers }), "invalid");
    });

    test("twice as headers: 400 before anybody is asked who it is", async () => {
      const { server, target } = endpoint;
      for (const format of logFormats) {
        const body = format.body(refusedMark);
        const head = headOf(server, format, target, { "content-length": String(body.length) });
        const doubled = head.replace("x-aws-log-group:", "x-aws-log-group: other\r\nx-aws-log-group:");
        const answer = await exchangeRaw(server.endpointUrl, Buffer.concat([Buffer.from(doubled), body]));
        assert.match(answer, /^HTTP\/1.1 400 .*x-aws-log-group occurs more than once/s);
      }
      await assertNothingStored();
    });
  });

  describe("limits", () => {
    test("the largest body is taken, and one byte more is 400, compressed or not", async () => {
      const { server } = endpoint;
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
      const { server } = endpoint;
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
      const { server } = endpoint;
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
      const { server } = endpoint;
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
      const { server, target } = endpoint;
      const head = headOf(server, jsonFormats[0] as LogFormat, target, { "x-long": "x".repeat(17_000) });
      assert.match(await exchangeRaw(server.endpointUrl, head), /^HTTP\/1.1 431 /);
    });
  });

  test("events beyond each limit of age are counted in the answer, and the others are stored", async () => {
    const { server } = endpoint;
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
      const { server, target } = endpoint;
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
      await assertNothingStored();
    });

    test("what is no HTTP: 400", async () => {
      const { server, target } = endpoint;
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
      await assertNothingStored();
    });
  });

  test("after all that the same server takes good events, and no key is in an answer, its output or its data", () =>
    endpoint.assertUnharmed());

  /** A few bytes a second, of a body that would be good. */
  async function sendSlowly(format: LogFormat): Promise<string> {
    const body = format.padded(refusedMark, 4096 + 64);
    const socket = await openRaw(endpoint.server.endpointUrl);
    socket.write(headOf(endpoint.server, format, endpoint.target, { "content-length": String(body.length) }));
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
