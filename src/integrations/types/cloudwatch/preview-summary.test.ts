import assert from "node:assert/strict";
import { test } from "node:test";
import type { CloudWatchConfig } from "./config.ts";
import { type PreviewedRegion, summarize } from "./preview-summary.ts";

const config: CloudWatchConfig = {
  namespaces: [],
  metricFilterRegex: "",
  pointTagFilterRegex: "",
  instanceSelectionTags: {},
  volumeSelectionTags: {},
};
const metric = (namespace: string, metricName: string, dimensions: Record<string, string>) => ({
  namespace,
  metricName,
  dimensions,
  resourceTags: {},
});
const cpu = (id: string) => metric("AWS/EC2", "CPUUtilization", { InstanceId: id });

function region(
  selected: PreviewedRegion["selected"],
  change: Partial<PreviewedRegion> = {},
): PreviewedRegion {
  const listed = selected.length;
  return {
    region: "us-east-1",
    config,
    listed,
    selected,
    listCalls: 1,
    truncated: false,
    notes: [],
    ...change,
  };
}

function lowAt(
  minutes: number,
  selected: PreviewedRegion["selected"],
  change: Partial<CloudWatchConfig> = {},
) {
  const { usdPerMonth } = summarize({ ...config, ...change }, minutes, [region(selected)]);
  return usdPerMonth.low.toFixed(4);
}

test("metrics are asked for with each run, but not before a new period has come", () => {
  assert.equal(lowAt(5, [cpu("i-1")]), "0.0864");
  assert.equal(lowAt(1, [cpu("i-1")]), "0.4320");
  assert.equal(lowAt(5, [cpu("i-1")], { periodSeconds: 3600 }), "0.0072");
  assert.equal(lowAt(60, [cpu("i-1")], { periodSeconds: 3600 }), "0.0072");
});

test("slow metrics are priced at their own pace, whatever the interval", () => {
  const size = metric("AWS/S3", "BucketSizeBytes", { BucketName: "b", StorageType: "StandardStorage" });
  const requests = metric("AWS/S3", "AllRequests", { BucketName: "b", FilterId: "all" });
  const charges = metric("AWS/Billing", "EstimatedCharges", { Currency: "USD" });
  assert.equal(lowAt(1, [size]), "0.0012", "four times a day");
  assert.equal(lowAt(1, [charges]), "0.0048", "sixteen times a day");
  const { namespaces } = summarize(config, 5, [region([size, requests, charges])]);
  assert.deepEqual(
    namespaces.map(({ namespace, slow, everyMinutes }) => [namespace, slow, everyMinutes]),
    [
      ["AWS/Billing", true, 90],
      ["AWS/S3", true, 360],
      ["AWS/S3", false, 5],
    ],
  );
});

// A day of minutes does not fit in one range of 180 periods, and each range is a request for every metric.
test("an interval of a day costs as many requests as its window has ranges", () => {
  assert.equal(lowAt(1440, [cpu("i-1")]), "0.0027");
});

test("longer intervals show what they save, and each row is what the settings would cost with it", () => {
  const regions = [region([cpu("i-1"), cpu("i-2")])];
  const { whatIf, usdPerMonth } = summarize(config, 5, regions);
  assert.deepEqual(
    whatIf.map(({ intervalMinutes }) => intervalMinutes),
    [1, 5, 10, 15, 30, 60],
  );
  for (const row of whatIf) {
    assert.deepEqual(row.usdPerMonth, summarize(config, row.intervalMinutes, regions).usdPerMonth);
    assert.equal(row.savingPerMonth.high, usdPerMonth.high - row.usdPerMonth.high);
  }
});

test("dimension sets are told apart by their names, in any order", () => {
  const selected = [
    cpu("i-1"),
    cpu("i-2"),
    metric("AWS/EC2", "CPUUtilization", {}),
    metric("AWS/EC2", "X", { B: "1", A: "2" }),
    metric("AWS/EC2", "X", { A: "1", B: "2" }),
    metric("AWS/EC2", "X", { A: "3", B: "2" }),
  ];
  const [ec2] = summarize(config, 5, [region(selected)]).namespaces;
  assert.deepEqual(
    ec2?.dimensionSets.map(({ dimensions, metrics }) => [dimensions, metrics]),
    [
      ["A, B", 3],
      ["InstanceId", 2],
      ["", 1],
    ],
  );
});

test("a run's calls are full batches, and what was cut is said", () => {
  const selected = Array.from({ length: 250 }, (_, index) => cpu(`i-${index}`));
  const cut = region(selected, { truncated: true, notes: ["us-east-1: more"], listCalls: 40 });
  const found = summarize(config, 5, [cut]);
  assert.deepEqual(found.perRun, {
    metricsRequested: { low: 250, high: 1250 },
    getMetricDataCalls: 3,
    listMetricsCalls: 40,
  });
  assert.equal(found.perMonth.getMetricDataCalls, 3 * 8640);
  assert.deepEqual([found.truncated, found.notes], [true, ["us-east-1: more"]]);
});
