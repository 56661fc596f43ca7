import assert from "node:assert/strict";
import { test } from "node:test";
import type { ListedMetric, MetricDataPage } from "./client.ts";
import { type Batch, type MapContext, mapAnswer, planBatches, selectMetrics } from "./collect.ts";
import { type CloudWatchConfig, defaultStatistics } from "./config.ts";

const everything: CloudWatchConfig = {
  namespaces: [],
  metricFilterRegex: "",
  pointTagFilterRegex: "",
  instanceSelectionTags: {},
  volumeSelectionTags: {},
};
const cpu = (id: string): ListedMetric => metric("AWS/EC2", "CPUUtilization", { InstanceId: id });
const noTags = new Map();

function metric(
  namespace: string,
  metricName: string,
  dimensions: Record<string, string> = {},
): ListedMetric {
  return { namespace, metricName, dimensions };
}
const names = (metrics: readonly ListedMetric[]) => metrics.map((m) => `${m.namespace} ${m.metricName}`);

test("the metric filter is held against the full name without statistic", () => {
  const listed = [
    cpu("i-1"),
    metric("AWS/SQS", "NumberOfMessagesSent"),
    metric("ECS/ContainerInsights", "CpuUtilized"),
  ];
  const select = (metricFilterRegex: string) =>
    names(selectMetrics(listed, { ...everything, metricFilterRegex }, noTags));
  assert.deepEqual(select("aws.ec2.cpuutilization"), ["AWS/EC2 CPUUtilization"]);
  assert.deepEqual(select("^aws.(sqs|elb).*$"), ["AWS/SQS NumberOfMessagesSent"]);
  assert.deepEqual(select("ecs.containerinsights.cpuutilized"), ["ECS/ContainerInsights CpuUtilized"]);
  assert.deepEqual(select("aws.ec2"), []);
  assert.deepEqual(select("").length, 3);
});

test("namespaces are compared whole and in any case", () => {
  const listed = [cpu("i-1"), metric("AWS/EC2/Spot", "X"), metric("MyApp", "Y")];
  assert.deepEqual(
    names(selectMetrics(listed, { ...everything, namespaces: ["aws/ec2", "MYAPP"] }, noTags)),
    ["AWS/EC2 CPUUtilization", "MyApp Y"],
  );
});

test("tags select instances and volumes by any pair, and leave sums over many alone", () => {
  const tags = new Map([
    ["i-1", { env: "prod" }],
    ["i-2", { env: "test" }],
    ["vol-1", { env: "prod" }],
  ]);
  const listed = [
    cpu("i-1"),
    cpu("i-2"),
    cpu("i-3"),
    metric("AWS/EC2", "CPUUtilization", { AutoScalingGroupName: "web" }),
    metric("AWS/EBS", "VolumeReadOps", { VolumeId: "vol-1" }),
    metric("AWS/EBS", "VolumeReadOps", { VolumeId: "vol-2" }),
  ];
  const config = {
    ...everything,
    instanceSelectionTags: { env: "prod" },
    volumeSelectionTagsExpr: "env=test, env = prod",
  };
  const kept = selectMetrics(listed, config, tags).map(({ dimensions }) => Object.values(dimensions)[0]);
  assert.deepEqual(kept, ["i-1", "web", "vol-1"]);
});

test("bucket names filter S3 metrics only", () => {
  const listed = [
    metric("AWS/S3", "BucketSizeBytes", { BucketName: "test-a" }),
    metric("AWS/S3", "BucketSizeBytes", { BucketName: "other" }),
    cpu("i-1"),
  ];
  assert.equal(
    selectMetrics(listed, { ...everything, s3BucketNameFilterRegex: "^(test|demo).*$" }, noTags).length,
    2,
  );
});

test("batches are full, and hold all statistics of a metric together", () => {
  const metrics = Array.from({ length: 250 }, (_, i) => ({ ...cpu(`i-${i}`), resourceTags: {} }));
  const batches = planBatches(metrics, defaultStatistics, 60);
  assert.deepEqual(
    batches.map(({ queries, metrics }) => [queries.length, metrics]),
    [
      [500, 100],
      [500, 100],
      [250, 50],
    ],
  );
  for (const { queries } of batches) {
    assert.equal(new Set(queries.map(({ id }) => id)).size, queries.length);
    for (const { id } of queries) assert.match(id, /^[a-z]\w{0,254}$/, "AWS's rule for ids");
  }
  assert.deepEqual(
    planBatches(metrics.slice(0, 200), ["Average", "p99", "Sum"], 60).map((b) => b.queries.length),
    [498, 102],
  );
});

const context: MapContext = {
  accountId: "123456789012",
  accountAlias: "acme",
  region: "eu-west-1",
  tags: { team: "core" },
  wantsTag: (key) => key === "Name",
};
const batch: Batch = planBatches(
  [{ ...cpu("i-1"), resourceTags: { Name: "web", other: "x" } }],
  ["Average", "Sum"],
  60,
)[0]!;

function page(results: Partial<MetricDataPage["results"][number]>[], nextToken?: string): MetricDataPage {
  const complete = { id: "", times: [], values: [], status: "Complete", messages: [] };
  return { results: results.map((result) => ({ ...complete, ...result })), messages: [], nextToken };
}

test("points of one query that come on two pages are one series, in order", () => {
  const pages = [
    page([{ id: "q0", times: [3000, 1000], values: [3, 1], status: "PartialData" }], "more"),
    page([{ id: "q0", times: [2000], values: [2] }, { id: "q1" }]),
  ];
  const { series, incomplete, metrics } = mapAnswer(batch, pages, context);
  assert.deepEqual(incomplete, []);
  assert.equal(metrics, 1);
  assert.deepEqual(series, [
    {
      series: {
        accountId: "123456789012",
        accountAlias: "acme",
        region: "eu-west-1",
        namespace: "AWS/EC2",
        metricName: "CPUUtilization",
        statistic: "Average",
        periodSeconds: 60,
        dimensions: { InstanceId: "i-1" },
        tags: { team: "core", Name: "web" },
      },
      points: [1000, 2000, 3000].map((timestampMs, index) => ({ timestampMs, value: index + 1 })),
    },
  ]);
});

test("a query without points gives no series and no zero", () => {
  const { series, incomplete } = mapAnswer(batch, [page([{ id: "q0" }, { id: "q1" }])], context);
  assert.deepEqual([series, incomplete], [[], []]);
});

for (const status of ["PartialData", "InternalError"]) {
  test(`${status} is told, and what came is kept`, () => {
    const pages = [page([{ id: "q0", times: [1000], values: [1], status }, { id: "q1" }])];
    const { series, incomplete } = mapAnswer(batch, pages, context);
    assert.equal(series.length, 1);
    assert.match(incomplete[0] ?? "", new RegExp(`1 of 2 queries: ${status}`));
  });
}

test("a query that no page answers is told", () => {
  assert.match(
    mapAnswer(batch, [page([{ id: "q0" }])], context).incomplete[0] ?? "",
    /1 of 2 queries: not answered/,
  );
});

test("AWS's messages come along when something is missing", () => {
  const broken = {
    ...page([{ id: "q0", status: "InternalError" }, { id: "q1" }]),
    messages: [{ code: "Oops", value: "later" }],
  };
  assert.ok(mapAnswer(batch, [broken], context).incomplete.includes("Oops: later"));
});
