import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { bodyOf, createWorld, goodKey, now, send } from "../../test/support/ingest-world.ts";
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

  test("Splunk's own paths answer OPTIONS without a key, as Docker's log driver asks before it starts", async () => {
    for (const path of ["/services/collector/event/1.0", "/services/collector", "/services/collector/raw"]) {
      const head = { path, method: "OPTIONS", headers: { authorization: null } };
      const { status, headers, body } = await send(createWorld(), head);
      assert.deepEqual([status, headers.allow, body], [200, "OPTIONS, POST", ""]);
    }
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
          ["too_old", 2],
          ["too_new", 1],
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
      ["invalid_entity"],
    );
  });
});
