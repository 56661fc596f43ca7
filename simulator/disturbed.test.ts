import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CloudWatchClient, GetMetricDataCommand, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import { type SimulatedAws, simulateAws } from "../test/support/simulated-aws.ts";
import { usualQuotas } from "./index.ts";

const hourMs = 3_600_000;

async function open(aws: SimulatedAws) {
  const client = new CloudWatchClient(aws.config({ credentials: await aws.assume() }));
  return {
    list: (NextToken?: string) => client.send(new ListMetricsCommand(NextToken ? { NextToken } : {})),
    get: (queries: number, rangeMs = hourMs, endMs = aws.clock.nowMs) =>
      client.send(
        new GetMetricDataCommand({
          StartTime: new Date(endMs - rangeMs),
          EndTime: new Date(endMs),
          MetricDataQueries: Array.from({ length: queries }, (_, index) => ({
            Id: `m${index}`,
            MetricStat: {
              Metric: {
                Namespace: "MyApp",
                MetricName: "Orders",
                Dimensions: [
                  { Name: "Region", Value: "us-east-1" },
                  { Name: "Service", Value: "checkout" },
                ],
              },
              Period: 60,
              Stat: "Sum",
            },
          })),
        }),
      ),
  };
}

const throttling = { name: "Throttling" };

describe("spoiled results", () => {
  for (const [kind, status] of [
    ["internal-error", "InternalError"],
    ["partial-data", "PartialData"],
  ] as const)
    test(`${kind} spoils its part of the results and leaves the others whole`, async () => {
      const aws = simulateAws();
      aws.simulator.faults.add({ operation: "GetMetricData", kind, resultRate: 0.3 });
      const { get } = await open(aws);
      const { MetricDataResults: results = [] } = await get(300);
      const spoiled = results.filter(({ StatusCode }) => StatusCode === status);
      const whole = results.filter(({ StatusCode }) => StatusCode === "Complete");
      assert.equal(spoiled.length + whole.length, 300);
      assert.ok(spoiled.length > 50 && spoiled.length < 140, String(spoiled.length));
      const full = whole[0]?.Values?.length ?? 0;
      assert.ok(full > 50 && whole.every(({ Values }) => Values?.length === full));
      const expected = kind === "internal-error" ? 0 : Math.ceil(full / 2);
      assert.ok(spoiled.every(({ Values }) => Values?.length === expected));
    });
});

describe("spoiled lists", () => {
  test("a token loop leads back to the page just read", async () => {
    const aws = simulateAws({ metricsPerAccount: 4_000 });
    const { list } = await open(aws);
    aws.simulator.faults.add({ operation: "ListMetrics", kind: "token-loop" });
    const { NextToken: second } = await list();
    const looped = await list(second);
    assert.equal(looped.NextToken, second);
    assert.deepEqual((await list(looped.NextToken)).Metrics, looped.Metrics);
  });

  test("a dropped page is empty, and the list goes on behind it", async () => {
    const aws = simulateAws({ metricsPerAccount: 4_000 });
    const { list } = await open(aws);
    const whole = await list();
    aws.simulator.faults.add({ operation: "ListMetrics", kind: "dropped-page", times: 1 });
    const dropped = await list();
    assert.equal(whole.Metrics?.length, 500);
    assert.deepEqual([dropped.Metrics?.length ?? 0, dropped.NextToken], [0, whole.NextToken]);
    assert.equal((await list(dropped.NextToken)).Metrics?.length, 500);
  });
});

describe("quotas", () => {
  test("without them nothing is throttled", async () => {
    const { list } = await open(simulateAws());
    for (let call = 0; call < 60; call++) await list();
  });

  test("25 lists a second, and again as the second passes", async () => {
    const aws = simulateAws({ quotas: usualQuotas });
    const { list } = await open(aws);
    for (let call = 0; call < 25; call++) await list();
    await assert.rejects(list(), throttling);
    aws.clock.nowMs += 41;
    await list();
    await assert.rejects(list(), throttling);
  });

  test("50 calls of GetMetricData a second, however few points they ask for", async () => {
    const { get } = await open(simulateAws({ quotas: usualQuotas }));
    for (let call = 0; call < 50; call++) await get(1);
    await assert.rejects(get(1), throttling);
  });

  test("two calls of 90,000 estimated points within three hours, four further back", async () => {
    const aws = simulateAws({ quotas: usualQuotas });
    const { get } = await open(aws);
    for (let call = 0; call < 2; call++) await get(500, 3 * hourMs);
    await assert.rejects(get(1, hourMs), throttling);
    const earlierMs = aws.clock.nowMs - 24 * hourMs;
    for (let call = 0; call < 4; call++) await get(500, 3 * hourMs, earlierMs);
    await assert.rejects(get(500, 3 * hourMs, earlierMs), throttling);
  });

  test("a call of more than a second's points takes a full second, and then the debt it made", async () => {
    const aws = simulateAws({ quotas: usualQuotas });
    const { get } = await open(aws);
    const earlierMs = aws.clock.nowMs - 24 * hourMs;
    await get(500, 24 * hourMs, earlierMs);
    aws.clock.nowMs += 800;
    await assert.rejects(get(1, hourMs, earlierMs), throttling);
    aws.clock.nowMs += 100;
    await get(1, hourMs, earlierMs);
  });
});

test("the bill counts metrics of GetMetricData and answered calls of the rest, and not what was refused", async () => {
  const aws = simulateAws();
  const { get, list } = await open(aws);
  await get(400);
  await list();
  await list();
  aws.simulator.faults.add({ service: "monitoring", kind: "throttle" });
  await assert.rejects(list(), throttling);
  await assert.rejects(get(400), throttling);
  const bill = aws.simulator.bill();
  assert.deepEqual(bill, {
    metricsRequested: 400,
    requests: { ListMetrics: 2, GetMetricStatistics: 0, DescribeAlarms: 0 },
    freeRequests: 2,
    dollars: 0.004,
  });
});
