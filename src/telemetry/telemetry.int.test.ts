import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type FrontProcess, startFrontProcess } from "../../test/support/clickhouse-front-process.ts";
import { quietLog } from "../../test/support/quiet-log.ts";
import { systemClock } from "../base/index.ts";
import { openTelemetry, type Telemetry } from "./index.ts";
import { type OpenedTelemetry, telemetryContract } from "./telemetry.suite.ts";

const common = { log: quietLog, clock: systemClock };

async function openWith(
  options: { url?: string; directory?: string },
  remove: () => Promise<void>,
): Promise<OpenedTelemetry> {
  let telemetry = await openTelemetry({ ...common, ...options });
  return {
    telemetry,
    reopen: async () => {
      await telemetry.close();
      telemetry = await openTelemetry({ ...common, ...options });
      return telemetry;
    },
    dispose: async () => {
      await telemetry.close();
      await remove();
    },
  };
}

telemetryContract("embedded", async () => {
  const directory = await mkdtemp(join(tmpdir(), "nepho-telemetry-"));
  return openWith({ directory }, () => rm(directory, { recursive: true, force: true }));
});

telemetryContract("server", async () => {
  const front = await startFrontProcess();
  return openWith({ url: front.url }, () => front.dispose());
});

describe("over HTTP", () => {
  let front: FrontProcess;
  let telemetry: Telemetry;
  before(async () => {
    front = await startFrontProcess();
    telemetry = await openTelemetry({ ...common, url: front.url });
  });
  after(async () => {
    await telemetry.close();
    await front.dispose();
  });

  const series = {
    integrationId: "integration-1",
    accountId: "111122223333",
    region: "us-east-1",
    namespace: "AWS/SQS",
    metricName: "Messages",
    statistic: "Sum",
    periodSeconds: 60,
    dimensions: { QueueName: "orders" },
    tags: {},
  };
  let timestampMs = 1_790_002_800_000;
  /** One point, each time the next. */
  const write = () => {
    timestampMs += 60_000;
    return telemetry.metrics.merge([{ series, points: [{ timestampMs, value: 1 }] }], {
      version: timestampMs + 180_000,
      fromMs: timestampMs,
      toMs: timestampMs + 60_000,
    });
  };

  test("points are streamed compressed, answers come compressed, values travel as parameters", async () => {
    await write();
    timestampMs += 3_600_000;
    await front.seen();
    await write();
    const inserts = await front.seen();
    assert.deepEqual(
      inserts.map(({ query, compressedRequest, chunked }) => ({
        table: /INSERT INTO (\w+)/.exec(query)?.[1],
        compressedRequest,
        chunked,
      })),
      [
        { table: "metric_series", compressedRequest: true, chunked: true },
        { table: "metric_points", compressedRequest: true, chunked: true },
      ],
    );
    await telemetry.metrics.summarize({ namespace: "AWS/SQS" });
    const [read] = await front.seen();
    assert.equal(read?.compressedResponse, true);
    assert.deepEqual(read?.parameters, ["param_namespace"]);
    assert.ok(!read?.query.includes("AWS/SQS"));
  });

  for (const [kind, code] of [
    ["reset", "store_unavailable"],
    ["html", "store_unavailable"],
    ["full-disk", "storage_full"],
  ] as const) {
    test(`a server that answers with ${kind} gives ${code}, and works again afterwards`, async () => {
      await front.fault(kind);
      await assert.rejects(write(), { code });
      await assert.rejects(telemetry.metrics.summarize({}), { code });
      await front.fault("none");
      await write();
    });
  }

  test("a server that goes away and comes back needs no restart of ours", async () => {
    await front.restart();
    await telemetry.ping();
    await write();
    assert.equal((await telemetry.metrics.summarize({ metricName: "Messages" })).series, 1);
  });

  test("a server that never answers gives store_unavailable once the request's time is up", async () => {
    const hurried = await openTelemetry({ ...common, url: front.url, requestTimeoutMs: 300 });
    await front.fault("hang");
    await assert.rejects(hurried.metrics.summarize({}), { code: "store_unavailable" });
    await assert.rejects(hurried.ping(), { code: "store_unavailable" });
    await front.fault("none");
    await hurried.close();
  });

  test("log events that a server never answers for are given up long before other requests", {
    timeout: 30_000,
  }, async () => {
    const hurried = await openTelemetry({ ...common, url: front.url, logInsertTimeoutMs: 300 });
    const { logEvents } = hurried;
    const append = () => {
      const rows = logEvents.encoder({
        logGroupId: 1,
        logStreamId: 1,
        ingestionTimeMs: 1,
        idempotencyKey: 0n,
      });
      rows.addText(timestampMs, "a");
      return logEvents.append(rows.finish());
    };
    await front.fault("hang");
    await Promise.all([1, 2, 3].map(() => assert.rejects(append(), { code: "store_unavailable" })));
    await front.fault("none");
    await append();
    await hurried.close();
  });

  test("a wrong password is a store that cannot be used, and is not repeated", async () => {
    const url = front.url.replace("front-secret", "wrong-secret");
    await assert.rejects(openTelemetry({ ...common, url }), (error: Error & { code?: string }) => {
      assert.equal(error.code, "store_unavailable");
      assert.ok(!error.message.includes("wrong-secret"));
      return true;
    });
  });

  test("an address that is none is refused without repeating it", async () => {
    for (const url of ["not a url", "ftp://u:p-secret@host/db", "http://u:p-secret@host/no;db"]) {
      await assert.rejects(openTelemetry({ ...common, url }), (error: Error & { code?: string }) => {
        assert.equal(error.code, "validation_failed");
        assert.ok(!error.message.includes("p-secret"));
        return true;
      });
    }
  });
});
