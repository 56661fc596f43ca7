import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { systemClock } from "../base/index.ts";
import type {
  BucketQuery,
  BucketSeries,
  MergeOptions,
  MetricPoint,
  MetricSeries,
  SeriesPoints,
  Telemetry,
} from "./index.ts";

export interface OpenedTelemetry {
  readonly telemetry: Telemetry;
  /** Closes the store and opens it again on the same data. */
  reopen(): Promise<Telemetry>;
  dispose(): Promise<void>;
}

const hour = 3_600;
const start = 1_790_002_800;

const cpu = (instance: string, more: Partial<MetricSeries> = {}): MetricSeries => ({
  integrationId: "integration-1",
  accountId: "111122223333",
  accountAlias: "shop",
  region: "us-east-1",
  namespace: "AWS/EC2",
  metricName: "CPUUtilization",
  statistic: "Average",
  periodSeconds: 300,
  dimensions: { InstanceId: instance },
  unit: "Percent",
  tags: { env: "prod" },
  ...more,
});

const points = (count: number, value: (index: number) => number, from = start): MetricPoint[] =>
  Array.from({ length: count }, (_, index) => ({
    timestampMs: (from + index * 300) * 1000,
    value: value(index),
  }));

const query = (metricName: string, more: Partial<BucketQuery> = {}): BucketQuery => ({
  filter: { namespace: "AWS/EC2", metricName, statistic: "Average" },
  fromSeconds: start,
  toSeconds: start + 2 * hour,
  stepSeconds: hour,
  aggregation: "avg",
  groupBy: undefined,
  limit: 10,
  limits: {},
  ...more,
});

const withoutOrigins = ({ labels, points: found }: BucketSeries) => ({ labels, points: found });

/** What every way to ClickHouse must do alike. */
export function telemetryContract(kind: Telemetry["kind"], open: () => Promise<OpenedTelemetry>): void {
  describe(`telemetry, ${kind}`, () => {
    let opened: OpenedTelemetry;
    let telemetry: Telemetry;
    before(async () => {
      opened = await open();
      telemetry = opened.telemetry;
    });
    after(() => opened.dispose());

    const pointsOf = async (metricName: string, more: Partial<BucketQuery> = {}) =>
      (await telemetry.metrics.query(query(metricName, { stepSeconds: 300, ...more }))).series[0]?.points;

    /** A reading of just the time of the points. */
    const merge = (batch: readonly SeriesPoints[], options: Partial<MergeOptions> & { version: number }) => {
      const times = batch.flatMap((item) => item.points.map(({ timestampMs }) => timestampMs));
      const fromMs = times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
      const toMs = times.reduce((a, b) => Math.max(a, b), 0) + 1;
      return telemetry.metrics.merge(batch, { fromMs, toMs, ...options });
    };

    test("the store is the one that was asked for, and answers", async () => {
      assert.equal(telemetry.kind, kind);
      await telemetry.ping();
    });

    test("a window that is read again stores nothing twice; a higher version replaces, a lower does not", async () => {
      const series = cpu("i-1", { metricName: "Idempotent" });
      const write = (value: number, version: number) =>
        merge([{ series, points: points(3, () => value) }], { version });
      assert.deepEqual(await write(1, 5), { points: 3, added: 3, changed: 0 });
      assert.deepEqual(await write(1, 5), { points: 3, added: 0, changed: 0 });
      assert.deepEqual(await write(2, 6), { points: 3, added: 0, changed: 3 });
      assert.deepEqual(await write(3, 4), { points: 3, added: 0, changed: 0 });
      assert.deepEqual(await pointsOf("Idempotent"), [
        [start, 2],
        [start + 300, 2],
        [start + 600, 2],
      ]);
      const counted = await telemetry.metrics.query(
        query("Idempotent", { filter: { metricName: "Idempotent", statistic: "Sum" } }),
      );
      assert.equal(counted.totalSeries, 0);
      const found = await telemetry.metrics.findSeries(
        { metricName: "Idempotent" },
        { offset: 0, limit: 10 },
      );
      assert.equal(found.totalItems, 1);
    });

    test("text of any kind comes back as it went in, and is never read as SQL", async () => {
      const nasty = `'; DROP TABLE metric_points; -- \\ " \t\n\r\0 {x:String} ünï 🌥 \\'`;
      const series = cpu(nasty, {
        metricName: nasty,
        namespace: nasty,
        dimensions: { [nasty]: nasty, plain: "" },
        tags: { [nasty]: nasty },
      });
      await merge([{ series, points: points(1, () => 7) }], { version: 1 });
      const filter = {
        namespace: nasty,
        metricName: nasty,
        statistic: "Average",
        dimensions: { [nasty]: [nasty, "other"], plain: [""] },
      };
      const { items } = await telemetry.metrics.findSeries(filter, { offset: 0, limit: 10 });
      assert.equal(items.length, 1);
      assert.deepEqual(items[0]?.dimensions, series.dimensions);
      assert.deepEqual(items[0]?.tags, series.tags);
      const { series: found } = await telemetry.metrics.query(query(nasty, { filter, groupBy: [nasty] }));
      assert.deepEqual(found.map(withoutOrigins), [{ labels: { [nasty]: nasty }, points: [[start, 7]] }]);
    });

    test("series keep their latest tags, the unit that anybody knew, and the times of their first and last point", async () => {
      const write = (unit: string, env: string, from: number) =>
        merge(
          [
            {
              series: cpu("i-1", { metricName: "Described", unit, tags: { env } }),
              points: points(2, () => 1, from),
            },
          ],
          { version: 1 },
        );
      await write("", "dev", start + 600);
      await write("Percent", "test", start + 600);
      await write("", "prod", start);
      const { items } = await telemetry.metrics.findSeries(
        { metricName: "Described" },
        { offset: 0, limit: 10 },
      );
      assert.equal(items.length, 1);
      const [found] = items;
      assert.deepEqual(
        [found?.unit, found?.tags, found?.firstSeenMs, found?.lastSeenMs, found?.accountAlias],
        ["Percent", { env: "prod" }, start * 1000, (start + 900) * 1000, "shop"],
      );
    });

    test("points without a finite value or a storable time are refused, and nothing of the batch is stored", async () => {
      for (const bad of [
        { timestampMs: start * 1000, value: Number.NaN },
        { timestampMs: start * 1000, value: Number.POSITIVE_INFINITY },
        { timestampMs: Number.NaN, value: 1 },
        { timestampMs: -1000, value: 1 },
        { timestampMs: 5e12, value: 1 },
      ]) {
        await assert.rejects(
          merge(
            [
              { series: cpu("i-1", { metricName: "Refused" }), points: points(2, () => 1) },
              { series: cpu("i-2", { metricName: "Refused" }), points: [bad] },
            ],
            { version: 1 },
          ),
          { code: "validation_failed" },
        );
      }
      assert.deepEqual(await telemetry.metrics.summarize({ metricName: "Refused" }), {
        series: 0,
        periodSecondsMin: 0,
        units: [],
      });
    });

    describe("with three instances in two regions", () => {
      before(async () => {
        const named = (instance: string, more: Partial<MetricSeries> = {}) =>
          cpu(instance, { metricName: "Grouped", ...more });
        await merge(
          [
            { series: named("i-1"), points: points(24, () => 10) },
            { series: named("i-2"), points: points(24, (index) => 20 + index) },
            {
              series: named("i-3", { region: "eu-west-1", accountId: "444455556666" }),
              points: points(12, () => 60),
            },
            { series: named("i-1", { statistic: "Sum", unit: "Count" }), points: points(24, () => 1) },
            { series: named("i-2", { statistic: "Maximum" }), points: points(24, (index) => index) },
          ],
          { version: 1 },
        );
      });

      test("namespaces, metrics and dimensions are found", async () => {
        const namespaces = await telemetry.metrics.findNamespaces({ text: "ec2" });
        assert.equal(namespaces.length, 1);
        assert.equal(namespaces[0]?.namespace, "AWS/EC2");
        const metrics = await telemetry.metrics.findMetrics({ text: "GROUP" }, { offset: 0, limit: 10 });
        assert.equal(metrics.totalItems, 1);
        assert.deepEqual(
          { ...metrics.items[0], unit: "" },
          {
            namespace: "AWS/EC2",
            metricName: "Grouped",
            statistics: ["Average", "Maximum", "Sum"],
            series: 5,
            unit: "",
            lastSeenMs: (start + 23 * 300) * 1000,
          },
        );
        // As Wavefront spells names; the statistic at the end chooses the series.
        const page = { offset: 0, limit: 10 };
        for (const [text, found] of [
          ["aws.ec2.GROUPED", 5],
          ["ec2.grou", 5],
          ["AWS.EC2.Grouped.average", 3],
          ["aws.ec2.grouped.sum", 1],
          ["aws.ec2.grouped.minimum", 0],
          ["ec2grouped", 0],
        ] as const) {
          const { totalItems } = await telemetry.metrics.findSeries({ metricName: "Grouped", text }, page);
          assert.equal(totalItems, found, text);
        }
        assert.equal((await telemetry.metrics.findNamespaces({ text: "aws.EC2" })).length, 1);
        const dimensions = await telemetry.metrics.findDimensions(
          { metricName: "Grouped", statistic: "Average" },
          { limit: 2 },
        );
        assert.deepEqual(dimensions, [
          { name: "InstanceId", values: ["i-1", "i-2"], totalValues: 3 },
          { name: "accountId", values: ["111122223333", "444455556666"], totalValues: 2 },
          { name: "region", values: ["eu-west-1", "us-east-1"], totalValues: 2 },
        ]);
      });

      test("pages of series cover all of them once", async () => {
        const ids = new Set<string>();
        for (let offset = 0; offset < 6; offset += 2) {
          const page = await telemetry.metrics.findSeries({ metricName: "Grouped" }, { offset, limit: 2 });
          assert.equal(page.totalItems, 5);
          for (const { seriesId } of page.items) ids.add(seriesId);
        }
        assert.equal(ids.size, 5);
      });

      test("series stay apart, the highest average first, and missing buckets are absent", async () => {
        const { series, totalSeries } = await telemetry.metrics.query(query("Grouped", { limit: 2 }));
        assert.equal(totalSeries, 3);
        assert.deepEqual(series.map(withoutOrigins), [
          {
            labels: {
              InstanceId: "i-3",
              accountId: "444455556666",
              region: "eu-west-1",
              integrationId: "integration-1",
            },
            points: [[start, 60]],
          },
          {
            labels: {
              InstanceId: "i-2",
              accountId: "111122223333",
              region: "us-east-1",
              integrationId: "integration-1",
            },
            points: [
              [start, 25.5],
              [start + hour, 37.5],
            ],
          },
        ]);
      });

      test("groups are aggregated as asked", async () => {
        const value = async (aggregation: BucketQuery["aggregation"]) =>
          (await pointsOf("Grouped", { aggregation, groupBy: [], stepSeconds: hour }))?.[0]?.[1];
        assert.equal(await value("avg"), (10 + 25.5 + 60) / 3);
        assert.equal(await value("sum"), 95.5);
        assert.equal(await value("min"), 10);
        assert.equal(await value("max"), 60);
        assert.equal(await value("count"), 3);
        const byRegion = await telemetry.metrics.query(
          query("Grouped", { groupBy: ["region"], aggregation: "max" }),
        );
        assert.deepEqual(byRegion.series.map(withoutOrigins), [
          { labels: { region: "eu-west-1" }, points: [[start, 60]] },
          {
            labels: { region: "us-east-1" },
            points: [
              [start, 25.5],
              [start + hour, 37.5],
            ],
          },
        ]);
      });

      test("a dimension to group by may be called as objects' own parts are", async () => {
        const { series } = await telemetry.metrics.query(query("Grouped", { groupBy: ["constructor"] }));
        assert.deepEqual(
          series.map(({ labels }) => labels),
          [{ constructor: "" }],
        );
      });

      test("a group says where its series come from", async () => {
        const { series } = await telemetry.metrics.query(query("Grouped", { groupBy: [] }));
        const common = { integrationId: "integration-1", periodSeconds: 300 };
        assert.deepEqual(
          series[0]?.origins.toSorted((a, b) => (a.region < b.region ? -1 : 1)),
          [
            { ...common, accountId: "444455556666", region: "eu-west-1" },
            { ...common, accountId: "111122223333", region: "us-east-1" },
          ],
        );
      });

      test("within a bucket, sums are added, maxima compared, averages averaged", async () => {
        const first = async (statistic: string) =>
          (
            await pointsOf("Grouped", {
              filter: { metricName: "Grouped", statistic },
              stepSeconds: hour,
              groupBy: [],
            })
          )?.[0]?.[1];
        assert.equal(await first("Sum"), 12);
        assert.equal(await first("Maximum"), 11);
      });

      test("a query over its limits says which: too large, or too slow", async () => {
        await assert.rejects(telemetry.metrics.query(query("Grouped", { limits: { resultRowsMax: 1 } })), {
          code: "query_too_large",
        });
        await assert.rejects(
          telemetry.metrics.query(query("Grouped", { limits: { groupsMax: 1 }, stepSeconds: 300 })),
          { code: "query_too_large" },
        );
        // A limit holds for its own query only.
        assert.equal((await telemetry.metrics.query(query("Grouped"))).series.length, 3);
      });

      test("a list of values that is longer than an address may be still selects", async () => {
        const values = Array.from({ length: 3_000 }, (_, index) => `i-${index}-with-a-long-name`);
        const { series } = await telemetry.metrics.query(
          query("Grouped", {
            filter: {
              metricName: "Grouped",
              statistic: "Average",
              dimensions: { InstanceId: [...values, "i-2"] },
            },
          }),
        );
        assert.deepEqual(
          series.map(({ labels }) => labels.InstanceId),
          ["i-2"],
        );
      });
    });

    describe("with two series that are read again and again", () => {
      // What is learned is kept for some weeks only, so this happens in the real last days.
      const began = Math.floor(systemClock.now() / 1000 / hour) * hour - 72 * hour;
      const rereadSeries = ["i-1", "i-2"].map((instance) =>
        cpu(instance, { metricName: "Reread", statistic: "Sum" }),
      );
      const end = (index: number) => (began + (index + 1) * 300) * 1000;
      const read = (
        values: readonly (number | undefined)[],
        options: Partial<MergeOptions> & { version: number },
        which = 0,
      ) => {
        const found = values.flatMap((value, index) =>
          value === undefined ? [] : [{ timestampMs: (began + index * 300) * 1000, value }],
        );
        const range = { fromMs: began * 1000, toMs: end(values.length - 1) };
        return merge([{ series: rereadSeries[which]!, points: found }], { ...range, ...options });
      };

      test("only what is new or has changed is told as such, also after the memory of it is gone", async () => {
        const counts = [
          await read([1, 2, 3], { version: end(2) + 60_000 }),
          await read([1, 2, 3], { version: end(2) + 60_000 }, 1),
          await read([1, 2.5, undefined, 4], { version: end(3) + 60_000, knownToMs: end(2) }),
        ];
        telemetry.metrics.forget("integration-1");
        counts.push(await read([1, 2.5, 3, 4], { version: end(3) + 90_000, knownToMs: end(3) }));
        // A day later; one point came only now.
        const later = end(3) + 26 * 3_600_000;
        counts.push(await read([1, 2.5, 3, 5, 6], { version: later, knownToMs: later - 3_600_000 }));
        assert.deepEqual(
          counts.map(({ points: all, added, changed }) => [all, added, changed]),
          [
            [3, 3, 0],
            [3, 3, 0],
            [3, 1, 1],
            [4, 0, 0],
            [5, 1, 1],
          ],
        );
      });

      test("a value that was replaced counts no longer, in one bucket with others and by itself", async () => {
        const filter = { metricName: "Reread", statistic: "Sum" };
        const sums = async (more: Partial<BucketQuery>) => {
          const answer = await telemetry.metrics.query(
            query("Reread", { filter, fromSeconds: began, toSeconds: began + 2 * hour, ...more }),
          );
          return answer.series.map((item) => item.points.map(([, value]) => value));
        };
        assert.deepEqual(await sums({ stepSeconds: hour }), [[17.5], [6]]);
        assert.deepEqual(await sums({ stepSeconds: hour, pointsExpected: 1e9 }), [[17.5], [6]]);
        assert.deepEqual(await sums({ stepSeconds: 300 }), [
          [1, 2.5, 3, 5, 6],
          [1, 2, 3],
        ]);
        assert.deepEqual(await sums({ stepSeconds: hour, groupBy: [], aggregation: "max" }), [[17.5]]);
      });

      test("each change is kept with what was before, seen last first", async () => {
        const { items, totalItems } = await telemetry.metrics.findChanges(
          { integrationId: "integration-1", metricName: "Reread" },
          { offset: 0, limit: 10 },
        );
        assert.equal(totalItems, 2);
        assert.deepEqual(
          items.map(({ atMs, before, after, seenMs }) => [atMs, before, after, seenMs]),
          [
            [(began + 900) * 1000, 4, 5, end(3) + 26 * 3_600_000],
            [(began + 300) * 1000, 2, 2.5, end(3) + 60_000],
          ],
        );
        const { accountId, region, namespace, statistic, dimensions } = items[0]!;
        assert.deepEqual(
          [accountId, region, namespace, statistic],
          ["111122223333", "us-east-1", "AWS/EC2", "Sum"],
        );
        assert.deepEqual(dimensions, { InstanceId: "i-1" });
        const page = await telemetry.metrics.findChanges({ metricName: "Reread" }, { offset: 1, limit: 1 });
        assert.deepEqual([page.totalItems, page.items[0]?.before], [2, 2]);
        const none = await telemetry.metrics.findChanges({ namespace: "AWS/S3" }, { offset: 0, limit: 1 });
        assert.deepEqual(none, { items: [], totalItems: 0 });
      });

      test("the age of what came late or changed is learned, by metric", async () => {
        const delays = await telemetry.metrics.findDelays({ metricName: "Reread", limit: 10 });
        assert.deepEqual(delays, [
          {
            integrationId: "integration-1",
            namespace: "AWS/EC2",
            metricName: "Reread",
            // The last point came a day later, in a time that had been read before.
            points: 8,
            late: 1,
            changed: 2,
            arrivesAfterSeconds: { p50: 300, p999: 27 * hour },
            settlesAfterSeconds: 27 * hour,
          },
        ]);
        assert.deepEqual(await telemetry.metrics.findDelays({ integrationId: "unknown", limit: 10 }), []);
      });
    });

    test("writes and reads at the same time do not disturb each other", async () => {
      const write = (instance: string) =>
        merge([{ series: cpu(instance, { metricName: "Busy" }), points: points(500, () => 1) }], {
          version: 1,
        });
      const instances = Array.from({ length: 12 }, (_, index) => `i-${index}`);
      const reads = instances.map((instance) =>
        telemetry.metrics.summarize({ metricName: "Grouped", dimensions: { InstanceId: [instance] } }),
      );
      const [, summaries] = await Promise.all([Promise.all(instances.map(write)), Promise.all(reads)]);
      assert.deepEqual(summaries.map(({ series }) => series).slice(0, 5), [0, 2, 2, 1, 0]);
      assert.equal((await telemetry.metrics.summarize({ metricName: "Busy" })).series, 12);
    });

    test("a batch larger than one insert is stored whole, over several months", async () => {
      const count = 110_000;
      const result = await merge(
        [{ series: cpu("i-1", { metricName: "Large" }), points: points(count, (index) => index) }],
        { version: 1 },
      );
      assert.deepEqual(result, { points: count, added: count, changed: 0 });
      const { series } = await telemetry.metrics.query(
        query("Large", {
          toSeconds: start + count * 300,
          stepSeconds: 300,
          aggregation: "last",
          groupBy: [],
        }),
      );
      assert.equal(series[0]?.points.length, count);
      assert.deepEqual(series[0]?.points.at(-1), [start + (count - 1) * 300, count - 1]);
    });

    test("what was written is there after closing and opening again, and migrations do not run twice", async () => {
      telemetry = await opened.reopen();
      assert.deepEqual(await pointsOf("Idempotent"), [
        [start, 2],
        [start + 300, 2],
        [start + 600, 2],
      ]);
    });
  });
}
