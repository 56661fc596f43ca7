import assert from "node:assert/strict";
import { test } from "node:test";
import type { CloudWatchConfig } from "./config.ts";
import { metricKey } from "./keys.ts";
import type { PreviewedRegion } from "./preview-price.ts";
import { summarize } from "./preview-summary.ts";
import { turnsPerMonth } from "./pricing.ts";

const config: CloudWatchConfig = {
  namespaces: [],
  metricFilterRegex: "",
  pointTagFilterRegex: "",
  instanceSelectionTags: {},
  volumeSelectionTags: {},
};
const metric = (namespace: string, metricName: string, dimensions: Record<string, string>) => {
  const listed = { namespace, metricName, dimensions };
  return { ...listed, key: metricKey(listed), resourceTags: {} };
};
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

/** Requests of one metric a month, at most and at least, at one statistic. */
function requestsAt(
  minutes: number,
  selected: PreviewedRegion["selected"],
  change: Partial<CloudWatchConfig> = {},
) {
  const { perMonth } = summarize({ ...config, statistics: ["Average"], ...change }, minutes, [
    region(selected),
  ]);
  return perMonth.metricsRequested;
}

const turns = (everyMinutes: number) => {
  const { low, high } = turnsPerMonth(everyMinutes);
  return { low, high };
};

/** The readings of 26 and 50 hours are sure to come; that of 3 hours, two for what still changes and one for new metrics may. */
const rereadings = { low: 60, high: 60 + 120 + 60 + 1 };

test("metrics are asked for with each run, but not before a new period has come, and again when they are older", () => {
  const expected = (everyMinutes: number) => ({
    low: turns(everyMinutes).low + rereadings.low,
    high: turns(everyMinutes).high + rereadings.high,
  });
  assert.deepEqual(requestsAt(5, [cpu("i-1")]), expected(5));
  assert.deepEqual(requestsAt(1, [cpu("i-1")]), expected(1));
  assert.deepEqual(requestsAt(5, [cpu("i-1")], { periodSeconds: 3600 }), expected(60));
  assert.deepEqual(requestsAt(60, [cpu("i-1")], { periodSeconds: 3600 }), expected(60));
});

test("slow metrics are priced at their own pace, whatever the interval, and without re-readings", () => {
  const size = metric("AWS/S3", "BucketSizeBytes", { BucketName: "b", StorageType: "StandardStorage" });
  const requests = metric("AWS/S3", "AllRequests", { BucketName: "b", FilterId: "all" });
  const charges = metric("AWS/Billing", "EstimatedCharges", { Currency: "USD" });
  const newMetric = 1;
  assert.deepEqual(requestsAt(1, [size]), { low: turns(360).low, high: turns(360).high + newMetric });
  assert.deepEqual(requestsAt(1, [charges]), { low: turns(90).low, high: turns(90).high + newMetric });
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

// A live window holds 1,440 periods at most, and turns a day apart may be a little further apart than that.
test("an interval of a day may need a second request for what one window cannot hold", () => {
  const { low, high } = requestsAt(1440, [cpu("i-1")]);
  assert.equal(low, turns(1440).low + rereadings.low);
  assert.equal(high, turns(1440).high + 30 + rereadings.high);
});

test("runs within a quarter of an hour share one listing", () => {
  const listings = (minutes: number) => summarize(config, minutes, [region([])]).perMonth.listMetricsCalls;
  assert.deepEqual([listings(1), listings(5), listings(15), listings(60)], [2880, 2880, 2880, 720]);
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
  // Re-readings of six hours have room for 280 queries in a page, those of a day for 70.
  const rereads = 120 * Math.ceil(250 / 56) + 60 * Math.ceil(250 / 14);
  assert.equal(found.perMonth.getMetricDataCalls, 3 * 8640 + rereads);
  assert.deepEqual([found.truncated, found.notes], [true, ["us-east-1: more"]]);
});
