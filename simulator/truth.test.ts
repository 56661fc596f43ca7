import assert from "node:assert/strict";
import { test } from "node:test";
import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { type SimulatedAws, simulateAws } from "../test/support/simulated-aws.ts";
import { type LatePoints, settledAfterMs, type TrueSeries, usualLatePoints } from "./index.ts";

const hourMs = 3_600_000;
const statistics = ["SampleCount", "Sum", "Average", "Minimum", "Maximum"];
const dimensions = [{ Name: "LoadBalancer", Value: "" }];
const manyRevisions: LatePoints = { ...usualLatePoints, revisedRate: 0.5 };

function seriesOf({ simulator }: SimulatedAws): TrueSeries {
  const accountId = simulator.seeded.productionAccountId;
  const metric = simulator.world
    .catalogue(accountId, "us-east-1")
    .metrics.find(({ behaviour, periodSeconds }) => behaviour.kind === "duration" && periodSeconds === 60);
  assert.ok(metric);
  return {
    accountId,
    region: "us-east-1",
    namespace: metric.namespace,
    name: metric.name,
    dimensions: metric.dimensions,
    statistic: "Sum",
    periodSeconds: 60,
  };
}

/** Every statistic by timestamp, as a client with its own clock at the simulated time reads it. */
async function read(aws: SimulatedAws, series: TrueSeries, fromMs: number, toMs: number) {
  const client = new CloudWatchClient(aws.config({ credentials: await aws.assume() }));
  const { MetricDataResults: results = [] } = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(fromMs),
      EndTime: new Date(toMs),
      ScanBy: "TimestampAscending",
      MetricDataQueries: statistics.map((Stat) => ({
        Id: Stat.toLowerCase(),
        MetricStat: {
          Metric: {
            Namespace: series.namespace,
            MetricName: series.name,
            Dimensions: series.dimensions.map((dimension) => ({ ...dimension })),
          },
          Period: series.periodSeconds,
          Stat,
        },
      })),
    }),
  );
  return results.map(({ Timestamps = [], Values = [] }) =>
    Timestamps.map((time, index) => ({ atMs: time.getTime(), value: Values[index] ?? Number.NaN })),
  );
}

test("what is read soon lacks points and samples; sixty hours later it is the truth in every statistic", async () => {
  const aws = simulateAws({ latePoints: manyRevisions });
  const series = seriesOf(aws);
  const toMs = aws.clock.nowMs - hourMs / 4;
  const fromMs = toMs - 5 * hourMs;
  const truths = statistics.map((statistic) => aws.simulator.truth({ ...series, statistic }, fromMs, toMs));
  const [counts = [], sums = [], averages = []] = await read(aws, series, fromMs, toMs);
  const [trueCounts = [], trueSums = []] = truths;
  assert.ok(sums.length > 200 && sums.length < 300, String(sums.length));
  const finalSums = new Map(trueSums.map(({ atMs, value }) => [atMs, value]));
  const finalCounts = new Map(trueCounts.map(({ atMs, value }) => [atMs, value]));
  let low = 0;
  for (const [index, { atMs, value }] of sums.entries()) {
    const count = counts[index]?.value ?? Number.NaN;
    const isLow = count < (finalCounts.get(atMs) ?? 0);
    assert.equal(isLow, value < (finalSums.get(atMs) ?? 0));
    assert.ok(Math.abs(value / count - (averages[index]?.value ?? Number.NaN)) < 1e-9);
    if (isLow) low++;
  }
  assert.ok(low > 20, String(low));

  aws.clock.nowMs += settledAfterMs;
  assert.deepEqual(await read(aws, series, fromMs, toMs), truths);
  assert.equal(trueSums.length, 300);
});

test("the truth is the same whenever it is asked and whether or not points are late", () => {
  const [early, late] = [simulateAws(), simulateAws({ latePoints: manyRevisions })];
  const series = seriesOf(early);
  const fromMs = early.clock.nowMs - hourMs;
  const before = early.simulator.truth(series, fromMs, early.clock.nowMs + hourMs);
  const after = late.simulator.truth(series, fromMs, early.clock.nowMs + hourMs);
  late.clock.nowMs += 10 * 24 * hourMs;
  assert.equal(before.length, 120);
  assert.deepEqual(after, before);
  assert.deepEqual(late.simulator.truth(series, fromMs, early.clock.nowMs + hourMs), before);
});

test("a series that the account does not have is refused", () => {
  const aws = simulateAws();
  const series = { ...seriesOf(aws), dimensions };
  assert.throws(() => aws.simulator.truth(series, 0, 60_000), /has no Sum/);
});
