import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { OTLPLogExporter as JsonLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPLogExporter as ProtobufLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import {
  BatchLogRecordProcessor,
  LoggerProvider,
  type LogRecordExporter,
  type ReadableLogRecord,
} from "@opentelemetry/sdk-logs";
import { agentRequests } from "../support/agent-requests.ts";
import {
  createLogTarget,
  type LogTarget,
  storedMessages,
  switchBearer,
  targetHeaders,
  targetQuery,
} from "../support/log-target.ts";
import { signedRequest } from "../support/sdk-in-process.ts";
import { startServer, type TestServer } from "../support/server.ts";

/** The library has no types and is CommonJS. */
const { Logger: SplunkLogger } = createRequire(import.meta.url)("splunk-logging");

/** Senders and readers that others have written, all against one server. */
describe("clients of others", { timeout: 300_000 }, () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server?.stop());

  describe("OpenTelemetry's exporter", () => {
    for (const [name, Exporter] of [
      ["http/json", JsonLogExporter],
      ["http/protobuf", ProtobufLogExporter],
    ] as const) {
      for (const compression of ["none", "gzip"]) {
        test(`${name}, ${compression === "gzip" ? "compressed" : "as it is"}: each record is found, digit for digit`, async () => {
          const target = await createLogTarget(server);
          const exporter = new Exporter({
            url: `${server.endpointUrl}/v1/logs`,
            headers: { authorization: `Bearer ${target.key}`, ...targetHeaders(target) },
            compression: compression as never,
          });
          const { expected, results } = await emitRecords(exporter);
          assert.deepEqual(results, [{ code: 0 }]);
          assert.deepEqual(await storedMessages(server, target.group), expected);
        });
      }
    }

    test("reports a refusal, in both encodings", async () => {
      const target = await createLogTarget(server);
      for (const Exporter of [JsonLogExporter, ProtobufLogExporter]) {
        const exporter = new Exporter({
          url: `${server.endpointUrl}/v1/logs`,
          headers: { authorization: "Bearer ACWLwrong", ...targetHeaders(target) },
        });
        const { results } = await emitRecords(exporter);
        assert.equal(results[0]?.code, 1);
        assert.equal((results[0]?.error as { code?: unknown } | undefined)?.code, 401);
      }
      assert.deepEqual(await storedMessages(server, target.group), []);
    });
  });

  test("OpenTelemetry's exporter waits as long as a 429 tells it to, and sends again", async (t) => {
    const slow = await startServer({ environment: { NEPHO_INGEST_REQUESTS_PER_SECOND: "1" } });
    t.after(() => slow.stop());
    for (const Exporter of [JsonLogExporter, ProtobufLogExporter]) {
      const target = await createLogTarget(slow);
      const send = () =>
        emitRecords(
          new Exporter({
            url: `${slow.endpointUrl}/v1/logs`,
            headers: { authorization: `Bearer ${target.key}`, ...targetHeaders(target) },
          }),
        );
      const before = slow.output().split('"status":429').length;
      const [first, second] = await Promise.all([send(), send()]);
      assert.deepEqual([...first.results, ...second.results], [{ code: 0 }, { code: 0 }]);
      assert.ok(slow.output().split('"status":429').length > before);
      const stored = await storedMessages(slow, target.group);
      assert.deepEqual(stored.toSorted(), [...first.expected, ...second.expected].toSorted());
    }
  });

  describe("Splunk's library", () => {
    const createLogger = (target: LogTarget, changes: object = {}) => {
      const { hostname, port } = new URL(server.endpointUrl);
      const logger = new SplunkLogger({
        token: target.key,
        protocol: "http",
        host: hostname,
        port: Number(port),
        path: `/services/collector/event/1.0${targetQuery(target)}`,
        ...changes,
      });
      const failures: Error[] = [];
      logger.error = (error: Error) => failures.push(error);
      return { logger, failures };
    };
    const sendOne = (logger: any, context: object) =>
      new Promise<any>((resolve, reject) => {
        logger.send(context, (error: unknown, _response: unknown, body: unknown) =>
          error ? reject(error) : resolve(body),
        );
      });

    test("is told Success, and its event is stored as it was sent", async () => {
      const target = await createLogTarget(server);
      const { logger, failures } = createLogger(target);
      const time = Date.now();
      const message = { temperature: "70F", chickenCount: 500, größe: "naïve ☃" };
      const metadata = { time, host: "farm.local", source: "chicken coop", sourcetype: "httpevent" };
      const sent: string[] = [];
      const push = logger.serializedContextQueue.push;
      logger.serializedContextQueue.push = function (text: string) {
        sent.push(text);
        return push.call(this, text);
      };
      assert.deepEqual(await sendOne(logger, { message, severity: "info", metadata }), {
        text: "Success",
        code: 0,
      });
      assert.deepEqual(failures, []);
      assert.equal(sent.length, 1);
      assert.deepEqual(await storedMessages(server, target.group), sent);
    });

    test("sends batches of objects one behind the other", async () => {
      const target = await createLogTarget(server);
      const { logger } = createLogger(target, { maxBatchCount: 0 });
      for (let i = 0; i < 50; i++) logger.send({ message: { i }, metadata: { time: Date.now() - 1000 + i } });
      const body = await new Promise((resolve, reject) => {
        logger.flush((error: unknown, _response: unknown, answer: unknown) =>
          error ? reject(error) : resolve(answer),
        );
      });
      assert.deepEqual(body, { text: "Success", code: 0 });
      const stored = (await storedMessages(server, target.group)).map((text) => JSON.parse(text).event);
      assert.deepEqual(
        stored,
        Array.from({ length: 50 }, (_, i) => ({ message: { i }, severity: "info" })),
      );
    });

    test("reports a refusal with Splunk's own code", async () => {
      const target = await createLogTarget(server);
      const { logger, failures } = createLogger({ ...target, key: "ACWLwrong" });
      const body = await sendOne(logger, { message: "x" });
      assert.deepEqual([body.code, body.text], [4, "Invalid token"]);
      assert.equal(failures.length, 1);
      assert.deepEqual(await storedMessages(server, target.group), []);
    });
  });

  describe("agents", () => {
    for (const { agent, path, headers, body, stored } of agentRequests)
      test(`${agent}: answered exactly 200, and stored as sent`, async () => {
        const target = await createLogTarget(server);
        const answer = await fetch(`${server.endpointUrl}${path}${targetQuery(target)}`, {
          method: "POST",
          headers: headers(target.key),
          body: new Uint8Array(Buffer.from(body)),
        });
        assert.equal(answer.status, 200, await answer.text());
        assert.deepEqual(await storedMessages(server, target.group), stored);
      });
  });

  describe("the SDK's signer", () => {
    const bodies: Record<string, string> = {
      "/services/collector/event": '{"event":"signed","n":9007199254740993}',
      "/ingest/bulk": '{"a":1}\n"text"\n[3,"ü"]\n',
      "/ingest/json": '[{"b":  2},{"c":"\\u00e9"}]',
    };
    const stored: Record<string, string[]> = {
      "/services/collector/event": ['{"event":"signed","n":9007199254740993}'],
      "/ingest/bulk": ['{"a":1}', "text", "3", "ü"],
      "/ingest/json": ['{"b":  2}', '{"c":"\\u00e9"}'],
    };
    for (const path of Object.keys(bodies)) {
      test(`signs ${path}, whose group needs no switch for that`, async () => {
        const target = await createLogTarget(server);
        await switchBearer(server, target, false);
        const answer = await sendSigned(server, path, target, bodies[path] ?? "");
        assert.deepEqual([answer.status, await answer.text()], [200, "{}"]);
        assert.deepEqual(await storedMessages(server, target.group), stored[path]);
      });
    }

    test("and a body that was changed on its way is refused", async () => {
      const target = await createLogTarget(server);
      const answer = await sendSigned(server, "/ingest/json", target, '{"a":1}', '{"a":2}');
      assert.equal(answer.status, 403);
      assert.equal(((await answer.json()) as any).__type, "InvalidSignatureException");
      assert.deepEqual(await storedMessages(server, target.group), []);
    });
  });
});

/** Three records of every kind of value, and what is to be stored of each by OTLP's meaning of them. */
async function emitRecords(exporter: LogRecordExporter) {
  const results: Parameters<Parameters<LogRecordExporter["export"]>[1]>[0][] = [];
  const exported: ReadableLogRecord[] = [];
  const watched: LogRecordExporter = {
    export: (records, done) => {
      exported.push(...records);
      exporter.export(records, (result) => {
        results.push(result);
        done(result);
      });
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  };
  const provider = new LoggerProvider({ processors: [new BatchLogRecordProcessor({ exporter: watched })] });
  const logger = provider.getLogger("shop", "1.2.3");
  const second = Math.floor(Date.now() / 1000) - 60;
  const bodies = ["plain ☃", { order: 17, lines: [{ sku: "a", n: 1.5 }], ok: true }, 42];
  const attributes = { "http.route": "/pay", "code.line.number": 172, sampled: true, tags: ["a", "b"] };
  for (const [i, body] of bodies.entries())
    logger.emit({
      timestamp: [second, 100_200_300 + i],
      observedTimestamp: [second, 900_000_000],
      severityNumber: 9,
      severityText: "info",
      body,
      attributes,
    });
  await provider.forceFlush().catch(() => {});
  await provider.shutdown().catch(() => {});
  const resource = JSON.stringify(exported[0]?.resource.attributes);
  const expected = bodies.map(
    (body, i) =>
      `{"resource":{"attributes":${resource}},"scope":{"name":"shop","version":"1.2.3"},"timeUnixNano":${second}${100_200_300 + i},"observedTimeUnixNano":${second}900000000,"severityNumber":9,"severityText":"info","body":${JSON.stringify(body)},"attributes":${JSON.stringify(attributes)}}`,
  );
  return { results, expected };
}

/** Signs `body` and sends `sent`. */
async function sendSigned(
  server: TestServer,
  path: string,
  target: LogTarget,
  body: string,
  sent = body,
): Promise<Response> {
  const { rootAccessKeyId: accessKeyId, rootSecretAccessKey: secretAccessKey } = server.firstRun;
  const signed = await signedRequest({
    accessKeyId,
    secretAccessKey,
    service: "logs",
    atMs: Date.now(),
    path,
    query: { logGroup: target.group, logStream: target.stream },
    headers: { host: new URL(server.endpointUrl).host, "content-type": "application/json" },
    body,
  });
  const { host: _, ...headers } = signed.headers;
  return fetch(`${server.endpointUrl}${signed.path}?${signed.query}`, {
    method: "POST",
    headers: headers as Record<string, string>,
    body: sent,
  });
}
