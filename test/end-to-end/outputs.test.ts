/** Collected metrics reach other systems: sent by a running server, and scraped from it. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Connected, connect, eventually, startConnected } from "../support/connected.ts";
import { readOtlpRequest, readWriteRequest } from "../support/metric-messages.ts";
import { type MetricReceiver, startMetricReceiver } from "../support/metric-receiver.ts";

describe("outputs of an integration", () => {
  let connected: Connected;
  let receiver: MetricReceiver;
  let integrationId: string;
  before(async () => {
    connected = await startConnected();
    receiver = await startMetricReceiver();
    const cloudWatch = { namespaces: ["AWS/SQS"], statistics: ["Sum"], periodSeconds: 300 };
    ({ integrationId } = await connect(connected.server, connected.aws, { cloudWatch }));
    await connected.server.api("PUT", `/api/v1/integrations/${integrationId}/outputs`, {
      openMetrics: true,
      remoteWrite: { url: receiver.url, authorization: "Bearer canary" },
      otlp: { url: receiver.url.replace("/api/v1/write", "/v1/metrics") },
    });
  });
  after(async () => {
    await connected.stop();
    await receiver.close();
  });

  test("get what a run stores, by remote write and by OTLP, each point once", async () => {
    const { server } = connected;
    const outputs = await eventually("all points are sent", 90_000, async () => {
      const state = await server.api("GET", `/api/v1/integrations/${integrationId}/outputs`);
      const sent = [state.remoteWrite, state.otlp].every(
        (target) => target.sentPoints > 0 && target.pending === 0 && target.state === "idle",
      );
      return sent ? state : undefined;
    });
    const of = (path: string) => receiver.requests.filter((request) => request.path === path);
    const written = of("/api/v1/write").flatMap(({ body }) => readWriteRequest(body));
    const samples = written.flatMap(({ labels, samples: own }) =>
      own.map(([, at]) => JSON.stringify([labels, at])),
    );
    assert.ok(samples.length >= outputs.remoteWrite.sentPoints);
    assert.equal(new Set(samples).size, samples.length);
    assert.ok(written.every(({ labels }) => /^aws_sqs_.*_sum$/.test(new Map(labels).get("__name__") ?? "")));
    const points = of("/v1/metrics").flatMap(({ body }) => readOtlpRequest(body));
    assert.ok(points.length >= outputs.otlp.sentPoints);
    assert.ok(points.every(({ name }) => name.startsWith("amazonaws.com/AWS/SQS/")));
    assert.equal(of("/api/v1/write")[0]?.headers.authorization, "Bearer canary");
    assert.doesNotMatch(JSON.stringify(outputs) + server.output(), /canary/);
  });

  test("can be scraped, with a token only", async () => {
    const { server } = connected;
    const path = `/metrics/integrations/${integrationId}?finality=all`;
    const response = await server.fetch("GET", path);
    assert.equal(
      response.headers.get("content-type"),
      "application/openmetrics-text; version=1.0.0; charset=utf-8",
    );
    const text = await response.text();
    assert.match(text, /^# TYPE aws_sqs_\w+_sum gauge\n/);
    assert.match(text, /\n# EOF\n$/);
    assert.equal((await fetch(new URL(path, server.consoleUrl))).status, 401);
    const meter = await (await server.fetch("GET", "/metrics")).text();
    assert.match(meter, /nephoscope_output_points_total\{kind="otlp",outcome="stored"\} [1-9]/);
  });
});
