import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import {
  bodyOf,
  createWorld,
  headOf,
  isAdmission,
  now,
  otherKey,
  type Sent,
  send,
} from "../../test/support/ingest-world.ts";

const hlc = "/services/collector/event";
const dayMs = 86_400_000;
const event = '{"event":"a"}';

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
    assert.equal(decision.reject(refusal).status, 503);
    decision.release();
    assert.ok(isAdmission(await world.ingest.admit(headOf({ ...large, chunked: true }))));
  });

  test("a body of unknown length that outgrows the share of its key is 429", async () => {
    const world = createWorld({ memoryBytesMax: 2_200_000 });
    const [first, second] = [headOf({ path: hlc, chunked: true }), headOf({ path: hlc, chunked: true })];
    assert.ok(isAdmission(await world.ingest.admit(first)));
    const decision = await world.ingest.admit(second);
    assert.ok(isAdmission(decision));
    let refusal: unknown;
    try {
      for (let i = 0; i < 10; i++) decision.hold(100_000);
    } catch (error) {
      refusal = error;
    }
    const answer = decision.reject(refusal);
    assert.deepEqual([answer.status, answer.headers["retry-after"]], [429, "1"]);
  });
});
