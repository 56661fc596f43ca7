import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { metricPage, metricQuery, metricQueryResult, seriesPage } from "../contract/metric.ts";
import type { BucketQuery, SelectionSummary, SeriesOrigin } from "../telemetry/index.ts";
import type { FinalitySource } from "./finality.ts";
import { createMetricsQueries, type MetricStore } from "./metrics-queries.ts";

const clock = { now: () => 0, monotonic: () => 0, sleep: async () => {} };
const from = Date.parse("2026-09-21T10:00:30Z");
const hourMs = 3_600_000;

const point = (seconds: number): [number, number] => [seconds, 1];

const origin = (region: string): SeriesOrigin => ({
  integrationId: "i",
  accountId: "111122223333",
  region,
  periodSeconds: 300,
});

const allSettled: FinalitySource = {
  describe: async (_origin, { to }) => ({ settledTo: to, missing: [] }),
  explain: async () => ({ reason: "no-points-in-aws", message: "None." }),
};

function setUp(
  selection: Partial<SelectionSummary> = {},
  answer: Partial<MetricStore> = {},
  finality: FinalitySource = allSettled,
) {
  const asked: BucketQuery[] = [];
  const metrics: MetricStore = {
    findNamespaces: async () => [],
    findMetrics: async () => ({ items: [], totalItems: 0 }),
    findDimensions: async () => [],
    findSeries: async () => ({ items: [], totalItems: 0 }),
    summarize: async () => ({ series: 2, periodSecondsMin: 300, units: ["Percent"], ...selection }),
    query: async (query) => {
      asked.push(query);
      const series = [
        { labels: { a: "b" }, origins: [origin("us-east-1")], points: [point(query.fromSeconds)] },
      ];
      return { series, totalSeries: 2 };
    },
    findChanges: async () => ({ items: [], totalItems: 0 }),
    findDelays: async () => [],
    ...answer,
  };
  return { queries: createMetricsQueries({ telemetry: { metrics }, finality, clock }), asked };
}

const input = (more: object = {}) =>
  metricQuery.parse({
    namespace: "AWS/EC2",
    metricName: "CPUUtilization",
    statistic: "Average",
    from,
    to: from + hourMs,
    ...more,
  });

test("a query is planned in whole buckets and answered in the contract's shape", async () => {
  const { queries, asked } = setUp();
  const result = await queries.query(input());
  assert.deepEqual(metricQueryResult.parse(result), result);
  assert.equal(result.stepSeconds, 300);
  assert.equal(new Date(result.from).toISOString(), "2026-09-21T10:00:00.000Z");
  assert.equal(new Date(result.to).toISOString(), "2026-09-21T11:05:00.000Z");
  assert.deepEqual(result.series, [{ labels: { a: "b" }, points: [[result.from, 1]], settledTo: result.to }]);
  assert.deepEqual([result.missing, result.noData], [[], null]);
  assert.deepEqual([result.unit, result.totalSeries, result.truncated], ["Percent", 2, true]);
  assert.equal(asked[0]?.groupBy, undefined);
});

test("series of different units, and counts, have no unit", async () => {
  assert.equal((await setUp({ units: ["Bytes", "Count"] }).queries.query(input())).unit, null);
  assert.equal((await setUp().queries.query(input({ aggregation: "count" }))).unit, null);
  const none = await setUp({ units: ["None"] }).queries.query(input());
  assert.equal(none.unit, null, "CloudWatch's word for no unit is no unit");
});

test("nothing is read when nothing matches", async () => {
  const { queries, asked } = setUp({ series: 0, periodSecondsMin: 0, units: [] });
  const result = await queries.query(input());
  assert.deepEqual([result.series, result.totalSeries, result.truncated], [[], 0, false]);
  assert.deepEqual(result.noData, { reason: "no-points-in-aws", message: "None." });
  assert.equal(asked.length, 0);
});

describe("series from two regions, of which one is settled to half past ten only", () => {
  const half = Date.parse("2026-09-21T10:30:00Z");
  const missing = {
    from: half,
    to: half + 300_000,
    integrationId: "i",
    region: "eu-west-1",
    reason: "throttled" as const,
    lost: false,
  };
  const described: string[] = [];
  const finality: FinalitySource = {
    ...allSettled,
    describe: async ({ region, metricName }, { to }) => {
      described.push(`${region} ${metricName}`);
      return region === "us-east-1"
        ? { settledTo: to, missing: [] }
        : { settledTo: half, missing: [missing] };
    },
  };
  const series = ([["us-east-1"], ["us-east-1", "eu-west-1"], ["eu-west-1"]] as const).map(
    (regions, index) => ({
      labels: { group: String(index) },
      origins: regions.map(origin),
      // The last group has nothing but its newest point.
      points: [-300, 0].slice(index === 2 ? 1 : 0).map((offset) => point(half / 1000 + offset)),
    }),
  );
  const { queries } = setUp({}, { query: async () => ({ series, totalSeries: 3 }) }, finality);

  test("a group is settled as far as the last of its origins, each of which is asked about once", async () => {
    const result = await queries.query(input());
    assert.deepEqual(
      result.series.map(({ settledTo }) => settledTo),
      [result.to, half, half],
    );
    assert.deepEqual(result.missing, [missing]);
    assert.deepEqual(described, ["us-east-1 CPUUtilization", "eu-west-1 CPUUtilization"]);
  });

  test("who asks for settled points gets those whose bucket ends in time", async () => {
    const result = await queries.query(input({ finality: "settled" }));
    assert.deepEqual(
      result.series.map(({ labels, points }) => [labels.group, points.length]),
      [
        ["0", 2],
        ["1", 1],
      ],
    );
    assert.equal(result.noData, null);
  });

  test("when no point is settled, that is the reason for the empty answer", async () => {
    const changing = setUp(
      {},
      { query: async () => ({ series: series.slice(2), totalSeries: 1 }) },
      finality,
    );
    const result = await changing.queries.query(input({ finality: "settled" }));
    assert.deepEqual([result.series, result.noData?.reason], [[], "settled-only"]);
  });
});

test("a range that is empty, turned around, too long or outside of time is named", async () => {
  const { queries } = setUp();
  for (const [more, path] of [
    [{ to: from }, "to"],
    [{ to: from - 1 }, "to"],
    [{ from: from - 456 * 24 * hourMs }, "from"],
    [{ from: -1 }, "from"],
    [{ from: 5e12, to: 5e12 + 1 }, "to"],
  ] as const) {
    await assert.rejects(
      queries.query(input(more)),
      (error: { code?: string; fields?: { path: string }[] }) => {
        assert.equal(error.code, "validation_failed");
        assert.equal(error.fields?.[0]?.path, path);
        return true;
      },
    );
  }
});

test("too many series or points are refused before they are read, with a step that would do", async () => {
  const wide = setUp({ series: 50_001 });
  await assert.rejects(wide.queries.query(input()), { code: "query_too_large", message: /50001 series/ });
  const fine = setUp({ series: 500, periodSecondsMin: 1 });
  const tooFine = fine.queries.query(input({ stepSeconds: 1, limit: 500 }));
  await assert.rejects(tooFine, { code: "query_too_large", message: /a step of 4 seconds or more/ });
  assert.equal(wide.asked.length + fine.asked.length, 0);
  await fine.queries.query(input({ stepSeconds: 4, limit: 500 }));
});

test("more buckets over all series than the store may hold are refused, and avoided where the step is chosen", async () => {
  const many = setUp({ series: 20_000 });
  const tooFine = many.queries.query(input({ stepSeconds: 6, limit: 1 }));
  await assert.rejects(tooFine, { code: "query_too_large", message: /a step of 8 seconds or more/ });
  assert.equal(
    (await many.queries.query(input({ to: from + 7 * 24 * hourMs, limit: 1 }))).stepSeconds,
    1_800,
  );
});

test("a step narrower than the period is fine: no series has more points than periods", async () => {
  const { queries } = setUp({ series: 500, periodSecondsMin: 300 });
  assert.equal((await queries.query(input({ stepSeconds: 1, limit: 500 }))).stepSeconds, 1);
});

test("the chosen step leaves room for all series of a wide answer", async () => {
  const { queries } = setUp({ series: 500, periodSecondsMin: 60 });
  const result = await queries.query(input({ to: from + 24 * hourMs, limit: 500 }));
  assert.equal(result.stepSeconds, 300);
});

test("a name in the group-by list counts once", async () => {
  const { queries, asked } = setUp();
  await queries.query(input({ groupBy: ["region", "region", "InstanceId"] }));
  assert.deepEqual(asked[0]?.groupBy, ["region", "InstanceId"]);
});

test("finding answers in the contract's shape, with pages that know whether more follows", async () => {
  const summary = {
    namespace: "AWS/EC2",
    metricName: "CPUUtilization",
    statistics: ["Average"],
    series: 3,
    unit: "",
    lastSeenMs: from,
  };
  const row = {
    seriesId: "db18dd4f-5091-2702-66d7-7703c6836c62",
    integrationId: "i",
    accountId: "111122223333",
    accountAlias: "shop",
    region: "us-east-1",
    namespace: "AWS/EC2",
    metricName: "CPUUtilization",
    statistic: "Average",
    periodSeconds: 300,
    unit: "Percent",
    dimensions: {},
    tags: {},
    firstSeenMs: from,
    lastSeenMs: from,
  };
  const { queries } = setUp(
    {},
    {
      findMetrics: async () => ({ items: [summary], totalItems: 2 }),
      findSeries: async () => ({ items: [row], totalItems: 1 }),
      findDimensions: async () => [{ name: "region", values: ["us-east-1"], totalValues: 2 }],
      findNamespaces: async () => [{ namespace: "AWS/EC2", metrics: 1, series: 3 }],
    },
  );
  const metrics = await queries.findMetrics({ offset: 0, limit: 1 });
  assert.deepEqual(metricPage.parse(metrics), metrics);
  assert.deepEqual([metrics.moreItems, metrics.items[0]?.unit], [true, null]);
  assert.equal(metrics.items[0]?.wireName, "aws.ec2.cpuutilization");
  const series = await queries.findSeries({ offset: 0, limit: 1 });
  assert.deepEqual(seriesPage.parse(series), series);
  assert.equal(series.moreItems, false);
  assert.equal((await queries.findDimensions({ limit: 1 })).items[0]?.truncated, true);
  assert.equal((await queries.findNamespaces({})).items[0]?.series, 3);
});

test("a series is told in Wavefront's words too, and the name of its instance is its source and no tag", async () => {
  const row = {
    seriesId: "db18dd4f-5091-2702-66d7-7703c6836c62",
    integrationId: "i",
    accountId: "111122223333",
    accountAlias: "shop",
    region: "us-east-1",
    namespace: "AWS/EC2",
    metricName: "CPUUtilization",
    statistic: "Average",
    periodSeconds: 300,
    unit: "Percent",
    dimensions: { InstanceId: "i-1" },
    tags: { team: "core", "~source": "web-1" },
    firstSeenMs: from,
    lastSeenMs: from,
  };
  const { queries } = setUp({}, { findSeries: async () => ({ items: [row], totalItems: 1 }) });
  const [series] = (await queries.findSeries({ offset: 0, limit: 1 })).items;
  assert.deepEqual(series?.tags, { team: "core" });
  assert.deepEqual(series?.wire, {
    name: "aws.ec2.cpuutilization.average",
    source: "web-1",
    sourceTags: ["~integration.aws.ec2"],
    pointTags: {
      team: "core",
      accountId: "111122223333",
      accountAlias: "shop",
      Region: "us-east-1",
      InstanceId: "i-1",
    },
  });
});
