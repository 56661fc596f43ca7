import assert from "node:assert/strict";
import { test } from "node:test";
import { type AdviceFacts, advise } from "./advice.ts";
import type { CloudWatchConfig } from "./config.ts";
import { metricKey } from "./keys.ts";
import { type PreviewedRegion, priceAt } from "./preview-price.ts";
import { subtract } from "./pricing.ts";

const dayMs = 86_400_000;
const now = Date.UTC(2026, 10, 21);
const config: CloudWatchConfig = {
  namespaces: [],
  metricFilterRegex: "",
  pointTagFilterRegex: "",
  instanceSelectionTags: {},
  volumeSelectionTags: {},
};
const allHavePoints = new Map([
  ["AWS/EC2", now],
  ["AWS/SQS", now],
]);
const facts: AdviceFacts = { now, createdAt: now - 30 * dayMs, newestPoints: allHavePoints };

function metrics(namespace: string, count: number) {
  return Array.from({ length: count }, (_, index) => {
    const metric = { namespace, metricName: "M", dimensions: { Id: String(index) } };
    return { ...metric, key: metricKey(metric), resourceTags: {} };
  });
}

const selected = [...metrics("AWS/EC2", 60), ...metrics("AWS/SQS", 40)];
const regions: PreviewedRegion[] = [
  { region: "us-east-1", config, listed: 100, selected, listCalls: 1, truncated: false, notes: [] },
];
const adviceFor = (change: Partial<CloudWatchConfig> = {}, minutes = 5, about: Partial<AdviceFacts> = {}) =>
  advise({ ...config, ...change }, minutes, regions, { ...facts, ...about });
const ofKind = (found: ReturnType<typeof advise>, kind: string) =>
  found.items.filter((item) => item.kind === kind);

test("longer intervals are offered with what they save, which is what a preview says of them", () => {
  const found = adviceFor();
  assert.deepEqual(found.usdPerMonth, priceAt(config, 5, regions).usd);
  const longer = ofKind(found, "longer-interval");
  assert.deepEqual(
    longer.map(({ change }) => change.serviceRefreshRateInMins),
    [60, 30, 15, 10],
  );
  for (const { change, savingPerMonth } of longer) {
    const then = priceAt(config, Number(change.serviceRefreshRateInMins), regions).usd;
    assert.deepEqual(savingPerMonth, subtract(found.usdPerMonth, then));
  }
  assert.match(longer[2]?.message ?? "", /Points stay one a minute .* up to 15 minutes later/);
  assert.deepEqual(ofKind(adviceFor({}, 60), "longer-interval"), []);
});

test("an interval within the period saves next to nothing and is not offered", () => {
  const longer = ofKind(adviceFor({ periodSeconds: 3600 }), "longer-interval");
  assert.deepEqual(longer, []);
});

test("a statistic that follows from others can go, and more than five are too many", () => {
  const [sum] = ofKind(adviceFor(), "fewer-statistics");
  assert.deepEqual(sum?.change, {
    cloudWatch: { statistics: ["Average", "Maximum", "Minimum", "SampleCount"] },
  });
  assert.equal(sum?.savingPerMonth.low, 0, "five count as one at best");
  assert.ok((sum?.savingPerMonth.high ?? 0) > 0);

  const many = ["p99", "Average", "p90", "Sum", "SampleCount", "Maximum", "p50"];
  const offers = ofKind(adviceFor({ statistics: many }), "fewer-statistics");
  assert.deepEqual(
    offers.map(({ change }) => change),
    [
      { cloudWatch: { statistics: ["p99", "Average", "p90", "SampleCount", "Maximum"] } },
      { cloudWatch: { statistics: many.filter((statistic) => statistic !== "Sum") } },
    ],
  );
  assert.ok((offers[0]?.savingPerMonth.low ?? 0) > 0, "seven count as two");
  assert.equal(offers[1]?.savingPerMonth.low, 0, "six still do");
  assert.deepEqual(ofKind(adviceFor({ statistics: ["Average", "Sum"] }), "fewer-statistics"), []);
});

test("a namespace without a point in two weeks is told, once the integration is old enough to know", () => {
  const newestPoints = new Map([
    ["AWS/EC2", now - 15 * dayMs],
    ["AWS/SQS", now - 13 * dayMs],
  ]);
  const [silent, ...others] = ofKind(adviceFor({}, 5, { newestPoints }), "silent-namespace");
  assert.deepEqual(others, []);
  assert.deepEqual(silent?.change, { cloudWatch: { namespaces: ["AWS/SQS"] } });
  assert.match(silent?.message ?? "", /AWS\/EC2.*appear later have to be added by hand/);
  const share = (silent?.savingPerMonth.high ?? 0) / priceAt(config, 5, regions).usd.high;
  assert.ok(Math.abs(share - 0.6) < 0.01, "60 of 100 metrics");

  const named = adviceFor({ namespaces: ["aws/ec2", "AWS/SQS", "AWS/RDS"] }, 5, { newestPoints });
  const [change] = ofKind(named, "silent-namespace");
  assert.deepEqual(change?.change, { cloudWatch: { namespaces: ["AWS/RDS", "AWS/SQS"] } });
  assert.doesNotMatch(change?.message ?? "", /by hand/);

  const young = adviceFor({}, 5, { newestPoints, createdAt: now - 10 * dayMs });
  assert.deepEqual(ofKind(young, "silent-namespace"), []);
});

test("accounts that were not looked at count as those that were, also against the cap", () => {
  const one = adviceFor();
  const cap = Math.ceil(one.usdPerMonth.high * 100) / 100;
  const three = adviceFor({ monthlyCapUsd: cap }, 5, { factor: 3 });
  assert.equal(three.usdPerMonth.high, one.usdPerMonth.high * 3);
  assert.equal(three.items[0]?.kind, "cap-too-low");
  const [longest] = ofKind(one, "longer-interval");
  const saving = ofKind(three, "longer-interval")[0]?.savingPerMonth.high ?? 0;
  assert.ok(Math.abs(saving - 3 * (longest?.savingPerMonth.high ?? 0)) < 1e-9);
});

test("the only namespace is never offered to go, since no namespace means all", () => {
  const newestPoints = new Map<string, number>();
  const onlySqs = [{ ...regions[0]!, selected: metrics("AWS/SQS", 40) }];
  const found = advise({ ...config, namespaces: ["AWS/SQS"] }, 5, onlySqs, { ...facts, newestPoints });
  assert.deepEqual(ofKind(found, "silent-namespace"), []);
});

test("a cap that the settings cannot keep comes first, with one that they can", () => {
  const [first] = adviceFor({ monthlyCapUsd: 1 }).items;
  assert.ok(first);
  assert.equal(first.kind, "cap-too-low");
  const { cloudWatch } = first.change as { cloudWatch: { monthlyCapUsd: number } };
  assert.ok(cloudWatch.monthlyCapUsd >= priceAt(config, 5, regions).usd.high);
  assert.ok(first.savingPerMonth.high < 0, "raising it costs more");
  assert.deepEqual(ofKind(adviceFor({ monthlyCapUsd: cloudWatch.monthlyCapUsd }), "cap-too-low"), []);
});
