import assert from "node:assert/strict";
import type { Readable } from "node:stream";
import { describe, test } from "node:test";
import { AppError } from "../base/index.ts";
import type { MergeOptions } from "./merge.ts";
import type { MetricSeries } from "./metric-rows.ts";
import { createMetrics } from "./metrics.ts";
import type { Parameters } from "./parameters.ts";
import type { Store } from "./store.ts";

const start = 1_790_002_800;
const minute = (index: number) => (start + index * 60) * 1000;

const series = (instance: string, more: Partial<MetricSeries> = {}): MetricSeries => ({
  integrationId: "i",
  accountId: "111122223333",
  region: "us-east-1",
  namespace: "AWS/EC2",
  metricName: "CPUUtilization",
  statistic: "Average",
  periodSeconds: 60,
  dimensions: { InstanceId: instance },
  tags: {},
  ...more,
});

type Point = [id: string, seconds: number, value: number, version: number];

/** Keeps rows as the tables would, and tells what was asked and inserted. */
function createFakeStore() {
  const points: Point[] = [];
  const seriesRows: { series_id: string; last_seen: number }[] = [];
  const seen: string[] = [];
  let failing: string | undefined;
  const store: Store = {
    select: async <Row>(statement: string, parameters: Parameters = {}) => {
      seen.push(statement.includes("metric_points") ? "points?" : "series?");
      if (!statement.includes("metric_points")) return seriesRows.slice(0, 1) as Row[];
      const { ids, from, last } = parameters as { ids: string[]; from: number; last: number };
      return ids.map((id) => {
        const found = points
          .filter((point) => point[0] === id && point[1] >= from && point[1] <= last)
          .sort((a, b) => a[1] - b[1] || a[3] - b[3]);
        return {
          id,
          seconds: found.map((p) => p[1]),
          values: found.map((p) => p[2]),
          versions: found.map((p) => p[3]),
        };
      }) as Row[];
    },
    insert: async (table, rows) => {
      if (failing === table) throw new AppError("store_unavailable");
      if (table === "metric_points") {
        let text = "";
        for await (const chunk of rows as Readable) text += chunk;
        const lines = text.trimEnd().split("\n");
        seen.push(`points ${lines.length}`);
        for (const [id, ...numbers] of lines.map((line) => line.split("\t"))) {
          points.push([id ?? "", ...numbers.map(Number)] as Point);
        }
      } else {
        seen.push(`${table.replace("metric_", "")} ${(rows as object[]).length}`);
        if (table === "metric_series") seriesRows.push(...(rows as typeof seriesRows));
      }
    },
    insertText: async () => {},
    command: async () => {},
    ping: async () => {},
    close: async () => {},
  };
  return {
    store,
    points,
    seen: () => seen.splice(0),
    fail: (table: string | undefined) => {
      failing = table;
    },
  };
}

function setUp(knownBytesMax?: number) {
  const fake = createFakeStore();
  const clock = { now: () => minute(100), monotonic: () => 0, sleep: async () => {} };
  const metrics = createMetrics({
    store: fake.store,
    clock,
    ...(knownBytesMax !== undefined && { knownBytesMax }),
  });
  /** Minutes `from` to `to` of each series, as seen two minutes after the last. */
  const read = (
    which: readonly MetricSeries[],
    [from, to]: readonly [number, number],
    value: (index: number) => number | undefined,
    options: Partial<MergeOptions> = {},
  ) =>
    metrics.merge(
      which.map((item) => ({
        series: item,
        points: Array.from({ length: to - from }, (_, offset) => from + offset).flatMap((index) => {
          const found = value(index);
          return found === undefined ? [] : [{ timestampMs: minute(index), value: found }];
        }),
      })),
      { version: minute(to + 2), fromMs: minute(from), toMs: minute(to), ...options },
    );
  return { ...fake, metrics, read };
}

describe("a reading that overlaps the one before it", () => {
  test("is compared without asking the store, and only what is new is inserted", async () => {
    const { read, seen } = setUp();
    const both = [series("a"), series("b")];
    await read(both, [0, 18], (index) => index);
    assert.deepEqual(seen(), ["series?", "series 2", "points 36"], "a new integration has nothing stored");
    assert.deepEqual(await read(both, [3, 19], (index) => index), { points: 32, added: 2, changed: 0 });
    assert.deepEqual(seen(), ["points 2"]);
    assert.deepEqual(await read(both, [3, 19], (index) => index), { points: 32, added: 0, changed: 0 });
    assert.deepEqual(seen(), []);
  });

  test("tells a change before it stores it", async () => {
    const { read, seen } = setUp();
    await read([series("a")], [0, 5], () => 1);
    seen();
    const changed = await read([series("a")], [0, 6], (index) => (index === 2 ? 7 : 1));
    assert.deepEqual(changed, { points: 6, added: 1, changed: 1 });
    assert.deepEqual(seen(), ["changes 1", "points 2"]);
  });

  test("asks the store when it begins earlier than what is known, or was asked for earlier", async () => {
    const { read, seen } = setUp();
    await read([series("a")], [0, 40], () => 1);
    seen();
    await read([series("a")], [10, 41], () => 1);
    assert.deepEqual(seen(), ["points?", "points 1"]);
    const late = await read([series("a")], [38, 41], () => 2, { version: minute(42) + 1_000 });
    assert.deepEqual(
      seen(),
      ["points?", "changes 2", "points 2"],
      "the last point was stored by a later request",
    );
    assert.deepEqual(late, { points: 3, added: 0, changed: 2 });
  });

  test("finds the series of a batch that it does not know in the store at once", async () => {
    const { read, seen, metrics } = setUp();
    const all = ["a", "b", "c"].map((name) => series(name));
    await read(all, [0, 5], () => 1);
    metrics.forget("i");
    seen();
    assert.deepEqual(await read(all, [0, 6], () => 1), { points: 18, added: 3, changed: 0 });
    assert.deepEqual(seen(), ["series?", "points?", "series 3", "points 3"]);
    await read(all, [1, 7], () => 1);
    assert.deepEqual(seen(), ["points 3"], "what the store said is kept at hand");
  });
});

describe("what is written of a series", () => {
  test("is written again when its unit or tags change, or ten minutes have passed, and not otherwise", async () => {
    const { read, seen } = setUp();
    await read([series("a")], [0, 2], () => 1);
    seen();
    await read([series("a")], [0, 3], () => 1);
    assert.deepEqual(seen(), ["points 1"]);
    await read([series("a", { tags: { env: "prod" } })], [0, 4], () => 1);
    assert.deepEqual(seen(), ["series 1", "points 1"]);
    await read([series("a", { tags: { env: "prod" }, unit: "Percent" })], [0, 5], () => 1);
    assert.deepEqual(seen(), ["series 1", "points 1"]);
    await read([series("a", { tags: { env: "prod" }, unit: "Percent" })], [10, 14], () => 1);
    assert.deepEqual(seen(), ["points 4"]);
    await read([series("a", { tags: { env: "prod" }, unit: "Percent" })], [10, 15], () => 1);
    assert.deepEqual(seen(), ["series 1", "points 1"]);
  });
});

describe("after a failed insert", () => {
  for (const table of ["metric_points", "metric_series", "metric_changes"]) {
    test(`of ${table}, nothing is taken for stored`, async () => {
      const { read, seen, fail, points } = setUp();
      await read([series("a")], [0, 3], () => 1);
      fail(table);
      const again = () => read([series("a", { unit: "Percent" })], [0, 5], (index) => (index === 1 ? 2 : 1));
      await assert.rejects(again(), { code: "store_unavailable" });
      fail(undefined);
      seen();
      assert.deepEqual(await again(), { points: 5, added: 2, changed: 1 });
      assert.deepEqual(seen(), ["points?", "series 1", "changes 1", "points 3"]);
      assert.equal(points.length, 6);
    });
  }
});

test("after a failed insert, a new integration may have points stored", async () => {
  const { read, seen, fail } = setUp();
  fail("metric_points");
  await assert.rejects(read([series("a")], [0, 3], () => 1));
  fail(undefined);
  seen();
  await read([series("a")], [0, 3], () => 1);
  assert.deepEqual(seen(), ["points?", "series 1", "points 3"]);
});

describe("an old range that is read again", () => {
  test("is compared with the store and not kept at hand, and what it changes is known where it overlaps", async () => {
    const { read, seen } = setUp();
    await read([series("a")], [0, 30], () => 1);
    seen();
    const asked = { version: minute(30 + 180) };
    const found = await read([series("a")], [0, 30], (index) => (index % 10 === 9 ? 2 : 1), asked);
    assert.deepEqual(found, { points: 30, added: 0, changed: 3 });
    assert.deepEqual(seen(), ["points?", "changes 3", "points 3"]);
    const next = { version: asked.version + 60_000 };
    assert.equal((await read([series("a")], [16, 31], (index) => (index % 10 === 9 ? 2 : 1), next)).added, 1);
    assert.deepEqual(seen(), ["points 1"]);
    assert.equal((await read([series("a")], [0, 5], () => 1, next)).changed, 0);
    assert.deepEqual(seen(), ["points?"]);
  });
});

test("points off the grid of their period are compared with the store each time", async () => {
  const { metrics, seen } = setUp();
  const read = () =>
    metrics.merge([{ series: series("a"), points: [{ timestampMs: minute(1) + 7_000, value: 1 }] }], {
      version: minute(3),
      fromMs: minute(0),
      toMs: minute(2),
    });
  assert.equal((await read()).added, 1);
  seen();
  assert.equal((await read()).added, 0);
  assert.deepEqual(seen(), ["points?"]);
});

test("a store of series that is too small for them makes nothing wrong, only slower", async () => {
  const { read, seen } = setUp(0);
  await read([series("a")], [0, 5], () => 1);
  seen();
  assert.deepEqual(await read([series("a")], [0, 6], () => 1), { points: 6, added: 1, changed: 0 });
  assert.deepEqual(seen(), ["points?", "series 1", "points 1"]);
});
