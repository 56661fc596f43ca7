import assert from "node:assert/strict";
import { test } from "node:test";
import { runProgram } from "../../program.ts";
import { createFakeTerminal } from "../../testing/fake-terminal.ts";

test("a query is a chart on a terminal, a table in a pipe, CSV or JSON on request", async () => {
  const to = Date.parse("2026-11-21T12:00:00Z");
  const points = Array.from({ length: 60 }, (_, i) => [to - (60 - i) * 60_000, 50 + 40 * Math.sin(i / 8)]);
  const result = {
    from: to - 3_600_000,
    to,
    stepSeconds: 60,
    unit: "Percent",
    series: [{ labels: { InstanceId: "i-1" }, points, settledTo: to }],
    missing: [],
    noData: null,
    totalSeries: 3,
    truncated: true,
    tookMs: 4,
  };
  const answers = { "POST /api/v1/metrics/query": () => Response.json(result) };
  const args = [
    "metrics",
    "query",
    "AWS/EC2",
    "CPUUtilization",
    "--from",
    "-1h",
    "--group-by",
    "InstanceId",
    "--dimension",
    "Az=a",
    "--dimension",
    "Az=b",
  ];

  const drawn = createFakeTerminal(answers, { interactive: true });
  assert.equal(await runProgram(args, drawn), 0);
  assert.match(drawn.output(), /[\u2801-\u28ff]/);
  assert.match(drawn.output(), /InstanceId=i-1: last .*max 89\.94 Percent/);
  assert.match(drawn.errors(), /1 of 3 series/);
  assert.deepEqual(drawn.requests[0]?.body, {
    namespace: "AWS/EC2",
    metricName: "CPUUtilization",
    statistic: "Average",
    from: to - 3_600_000,
    to,
    groupBy: ["InstanceId"],
    dimensions: { Az: ["a", "b"] },
    limit: 8,
  });

  const piped = createFakeTerminal(answers);
  await runProgram(args, piped);
  assert.match(piped.output(), /^SERIES +POINTS/);
  const csv = createFakeTerminal({ "POST /api/v1/metrics/query": () => new Response("time,value\n1,2\n") });
  await runProgram([...args, "--csv"], csv);
  assert.equal(csv.output(), "time,value\n1,2\n");

  const nothing = {
    ...result,
    series: [],
    totalSeries: 0,
    truncated: false,
    noData: { reason: "disabled", message: "The integration is disabled." },
  };
  const empty = createFakeTerminal({ "POST /api/v1/metrics/query": () => Response.json(nothing) });
  await runProgram([...args, "--settled"], empty);
  assert.match(empty.output(), /The integration is disabled\./);
  assert.equal((empty.requests[0]!.body as { finality?: string }).finality, "settled");
});

test("what has changed after it was read, and how late points come, are tables", async () => {
  const keys = { integrationId: "i", namespace: "AWS/EC2", metricName: "CPUUtilization" };
  const at = "2026-11-21T12:00:00.000Z";
  const change = {
    ...keys,
    accountId: "111122223333",
    region: "us-east-1",
    statistic: "Sum",
    dimensions: { InstanceId: "i-1" },
    at,
    before: 1,
    after: 2.5,
    seenAt: at,
  };
  const delay = {
    ...keys,
    points: 10_000,
    late: 20,
    changed: 5,
    arrivesAfterSeconds: { p50: 180, p999: 10_800 },
    settlesAfterSeconds: 97_200,
  };
  const page = { items: [change], offset: 0, limit: 50, totalItems: 1, moreItems: false };
  const answers = {
    "GET /api/v1/metrics/changes": () => Response.json(page),
    "GET /api/v1/metrics/delays": () => Response.json({ items: [delay] }),
  };
  const changes = createFakeTerminal(answers);
  assert.equal(
    await runProgram(["metrics", "changes", "--namespace", "AWS/EC2"], changes),
    0,
    changes.errors(),
  );
  assert.equal(changes.requests[0]?.path, "/api/v1/metrics/changes?namespace=AWS%2FEC2&limit=50");
  assert.match(changes.output(), /AWS\/EC2 CPUUtilization +Sum +InstanceId=i-1 region=us-east-1 .* 1 +2\.5/);
  const delays = createFakeTerminal(answers);
  assert.equal(await runProgram(["metrics", "delays"], delays), 0, delays.errors());
  assert.match(delays.output(), /CPUUtilization +10000 +20 +5 +3 min +3 h +27 h/);
});
