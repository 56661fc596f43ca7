import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { quietLog } from "../../test/support/quiet-log.ts";
import { forEachTelemetry } from "../../test/support/telemetries.ts";
import { systemClock } from "../base/index.ts";
import {
  type FeedPosition,
  type FeedRequest,
  type MetricSeries,
  openTelemetry,
  type Telemetry,
} from "./index.ts";

const start = 1_790_002_800;
const asked = (minutes: number) => (start + minutes * 60) * 1000;

const cpu = (instance: string, change: Partial<MetricSeries> = {}): MetricSeries => ({
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
  ...change,
});

forEachTelemetry("the feed of metrics", (open) => {
  let telemetry: Telemetry;
  let dispose: () => Promise<void>;
  before(async () => {
    const opened = await open();
    telemetry = await openTelemetry({ ...opened.options, log: quietLog, clock: systemClock });
    dispose = opened.dispose;
  });
  after(async () => {
    await telemetry.close();
    await dispose();
  });

  /** [minutes after the start, value] */
  const merge = (askedAt: number, series: MetricSeries, points: [number, number][]) =>
    telemetry.metrics.merge(
      [{ series, points: points.map(([minutes, value]) => ({ timestampMs: asked(minutes), value })) }],
      { version: askedAt, fromMs: asked(-600), toMs: asked(600) },
    );

  /** Everything of a stretch, page by page: `instance minutes value`. */
  async function readAll(change: Partial<FeedRequest> & { integrationId: string }): Promise<string[]> {
    const lines: string[] = [];
    let behind: FeedPosition | undefined;
    do {
      const page = await telemetry.feed.read({
        after: 0,
        upTo: asked(10_000),
        from: 0,
        to: 2 ** 32 - 1,
        leaveOutChanges: false,
        limit: 1_000,
        ...change,
        behind,
      });
      for (const { dimensions, points } of page.series) {
        for (const [second, value] of points) {
          lines.push(`${dimensions.InstanceId} ${(second - start) / 60} ${value}`);
        }
      }
      behind = page.next;
    } while (behind);
    return lines;
  }

  test("a stretch holds what was asked for in it, with what its series are", async () => {
    const integrationId = "stretch";
    await merge(asked(8), cpu("i-1", { integrationId }), [[0, 1]]);
    await merge(asked(13), cpu("i-1", { integrationId }), [
      [0, 1],
      [5, 2],
    ]);
    await merge(asked(13), cpu("i-1", { integrationId: "another" }), [[5, 9]]);
    assert.deepEqual(await readAll({ integrationId, upTo: asked(8) }), ["i-1 0 1"]);
    assert.deepEqual(await readAll({ integrationId, after: asked(8), upTo: asked(13) }), ["i-1 5 2"]);
    assert.deepEqual(await readAll({ integrationId, after: asked(13) }), []);
    const { series } = await telemetry.feed.read({
      integrationId,
      after: asked(8),
      upTo: asked(13),
      from: 0,
      to: start + 86_400,
      leaveOutChanges: false,
      limit: 10,
    });
    const [{ seriesId, ...description } = { seriesId: "" }] = series;
    assert.match(seriesId, /^[0-9a-f-]{36}$/);
    assert.deepEqual(description, { ...cpu("i-1", { integrationId }), points: [[start + 300, 2]] });
  });

  test("pages of any size give every point once, each series in the order of time", async () => {
    const integrationId = "pages";
    const expected: string[] = [];
    for (const instance of ["i-1", "i-2", "i-3", "i-4"]) {
      const points = Array.from({ length: 5 }, (_, index): [number, number] => [index * 5, index]);
      await merge(asked(25), cpu(instance, { integrationId }), points);
      expected.push(...points.map(([minutes, value]) => `${instance} ${minutes} ${value}`));
    }
    for (const limit of [1, 3, 5, 20, 100]) {
      const read = await readAll({ integrationId, limit });
      assert.deepEqual([...read].sort(), [...expected].sort(), `limit ${limit}`);
      for (const instance of ["i-1", "i-2", "i-3", "i-4"]) {
        const own = read.filter((line) => line.startsWith(`${instance} `));
        assert.deepEqual(
          own,
          expected.filter((line) => line.startsWith(`${instance} `)),
        );
      }
    }
    const stretch = { integrationId, after: 0, upTo: asked(25), leaveOutChanges: false };
    assert.equal(await telemetry.feed.count(stretch), 20);
  });

  test("a stretch can be read time by time", async () => {
    const integrationId = "times";
    const stretch = { integrationId, after: asked(10), upTo: asked(60), leaveOutChanges: false };
    await merge(asked(8), cpu("i-1", { integrationId }), [[0, 1]]);
    await merge(asked(60), cpu("i-1", { integrationId }), [
      [5, 2],
      [30, 3],
    ]);
    await merge(asked(60), cpu("i-2", { integrationId }), [[30, 4]]);
    const at = (minutes: number) => start + minutes * 60;
    assert.equal(await telemetry.feed.nextTime(stretch, 0), at(5));
    assert.equal(await telemetry.feed.nextTime(stretch, at(5) + 1), at(30));
    assert.equal(await telemetry.feed.nextTime(stretch, at(31)), undefined);
    assert.deepEqual(await readAll({ ...stretch, from: at(5), to: at(30) }), ["i-1 5 2"]);
    const second = await readAll({ ...stretch, from: at(30), to: at(31) });
    assert.deepEqual(second.sort(), ["i-1 30 3", "i-2 30 4"]);
  });

  test("a value that was replaced comes with its new value, or is left out", async () => {
    const integrationId = "changes";
    const series = cpu("i-1", { integrationId });
    await merge(asked(8), series, [[0, 1]]);
    await merge(asked(13), series, [
      [0, 1.5],
      [5, 2],
    ]);
    const second = { integrationId, after: asked(8), upTo: asked(13) };
    assert.deepEqual(await readAll(second), ["i-1 0 1.5", "i-1 5 2"]);
    assert.deepEqual(await readAll({ ...second, leaveOutChanges: true }), ["i-1 5 2"]);
    assert.equal(await telemetry.feed.count({ ...second, leaveOutChanges: true }), 1);
    // Over both stretches each point is one, with its newest value, merged by the engine or not.
    assert.deepEqual(await readAll({ integrationId }), ["i-1 0 1.5", "i-1 5 2"]);
  });
});
