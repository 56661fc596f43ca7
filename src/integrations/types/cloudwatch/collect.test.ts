import assert from "node:assert/strict";
import { test } from "node:test";
import type { ListedMetric, MetricDataPage } from "./client.ts";
import {
  type Batch,
  createSeriesShelf,
  type MapContext,
  mapAnswer,
  planBatches,
  type SelectedMetric,
  selectMetrics,
} from "./collect.ts";
import { type CloudWatchConfig, defaultStatistics } from "./config.ts";
import { metricKey } from "./keys.ts";

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
const selected = (listed: ListedMetric, resourceTags: Record<string, string> = {}): SelectedMetric => ({
  ...listed,
  resourceTags,
  key: metricKey(listed),
});
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
  const metrics = Array.from({ length: 250 }, (_, i) => selected(cpu(`i-${1000 + i}`)));
  const batches = planBatches(metrics, defaultStatistics, { periodSeconds: 60 });
  assert.deepEqual(
    batches.map(({ queries, metrics }) => [queries.length, metrics.length]),
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
    planBatches(metrics.slice(0, 200), ["Average", "p99", "Sum"], { periodSeconds: 60 }).map(
      (b) => b.queries.length,
    ),
    [498, 102],
  );
});

test("together the batches cover every key there is, without an overlap", () => {
  const metrics = Array.from({ length: 30 }, (_, i) => selected(cpu(`i-${1000 + i}`)));
  const batches = planBatches(metrics, ["Average"], { periodSeconds: 60, queriesMax: 12 });
  assert.deepEqual(
    batches.map(({ fromKey, toKey }) => [fromKey, toKey]),
    [
      [null, metrics[12]?.key],
      [metrics[12]?.key, metrics[24]?.key],
      [metrics[24]?.key, null],
    ],
  );
  const [only] = planBatches(metrics.slice(0, 2), ["Average"], { periodSeconds: 60 });
  assert.deepEqual([only?.fromKey, only?.toKey], [null, null]);
});

const context: MapContext = {
  integrationId: "an-id",
  accountId: "123456789012",
  accountAlias: "acme",
  region: "eu-west-1",
  tags: { team: "core" },
  wantsTag: (key) => key === "Name",
};
const shelf = createSeriesShelf(context);
const seriesOf = (query: Parameters<typeof shelf.seriesOf>[0]) => shelf.seriesOf(query, "Percent");
const batch: Batch = planBatches([selected(cpu("i-1"), { Name: "web", other: "x" })], ["Average", "Sum"], {
  periodSeconds: 60,
})[0]!;

function page(results: Partial<MetricDataPage["results"][number]>[], nextToken?: string): MetricDataPage {
  const complete = { id: "", times: [], values: [], status: "Complete", messages: [] };
  return { results: results.map((result) => ({ ...complete, ...result })), messages: [], nextToken };
}

test("points of one query that come on two pages are one series, in order", () => {
  const pages = [
    page([{ id: "q0", times: [3000, 1000], values: [3, 1], status: "PartialData" }], "more"),
    page([{ id: "q0", times: [2000], values: [2] }, { id: "q1" }]),
  ];
  const { series, spoiled, metrics } = mapAnswer(batch, pages, seriesOf);
  assert.deepEqual(spoiled, []);
  assert.equal(metrics, 1);
  assert.deepEqual(series, [
    {
      series: {
        integrationId: "an-id",
        accountId: "123456789012",
        accountAlias: "acme",
        region: "eu-west-1",
        namespace: "AWS/EC2",
        metricName: "CPUUtilization",
        statistic: "Average",
        periodSeconds: 60,
        dimensions: { InstanceId: "i-1" },
        unit: "Percent",
        tags: { team: "core", Name: "web", "~source": "web" },
      },
      points: [1000, 2000, 3000].map((timestampMs, index) => ({ timestampMs, value: index + 1 })),
    },
  ]);
});

test("a query without points gives no series and no zero", () => {
  const { series, spoiled } = mapAnswer(batch, [page([{ id: "q0" }, { id: "q1" }])], seriesOf);
  assert.deepEqual([series, spoiled], [[], []]);
});

test("a series stays the same object until its unit is learned", () => {
  const [query] = batch.queries;
  assert.ok(query);
  assert.equal(shelf.seriesOf(query, "Percent"), shelf.seriesOf(query, "Percent"));
  assert.equal(shelf.seriesOf(query, "Bytes").unit, "Bytes");
});

for (const [status, reason] of [
  ["PartialData", "partial-data"],
  ["InternalError", "internal-error"],
] as const) {
  test(`${status} spoils its metric alone, and what came is kept`, () => {
    const pages = [page([{ id: "q0", times: [1000], values: [1], status }, { id: "q1" }])];
    const { series, spoiled } = mapAnswer(batch, pages, seriesOf);
    assert.equal(series.length, 1);
    assert.deepEqual(
      spoiled.map(({ metric, ...trouble }) => [metric.dimensions.InstanceId, trouble]),
      [["i-1", { reason, detail: `GetMetricData: ${status}` }]],
    );
  });
}

test("a query that no page answers is told", () => {
  const { spoiled } = mapAnswer(batch, [page([{ id: "q0" }])], seriesOf);
  assert.match(spoiled[0]?.detail ?? "", /not answered/);
});

test("AWS's messages come along when something is missing", () => {
  const broken = {
    ...page([{ id: "q0", status: "InternalError" }, { id: "q1" }]),
    messages: [{ code: "Oops", value: "later" }],
  };
  assert.match(mapAnswer(batch, [broken], seriesOf).spoiled[0]?.detail ?? "", /Oops: later/);
});
