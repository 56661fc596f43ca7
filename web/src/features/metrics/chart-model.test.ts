import assert from "node:assert/strict";
import { test } from "node:test";
import type { MetricQueryResult } from "@nephoscope/contract";
import { buildCharts } from "./chart-model.ts";
import { type ExploredMetric, weekMillis } from "./explore.ts";

const minute = 60_000;
const colorsOf = () => (key: string) => key;

function found(
  metric: string,
  unit: string | null,
  series: { labels: Record<string, string>; points: [number, number][]; settledTo?: number }[],
  weekBefore: MetricQueryResult | null = null,
): ExploredMetric {
  const result: MetricQueryResult = {
    from: 0,
    to: 10 * minute,
    stepSeconds: 60,
    unit,
    series: series.map((one) => ({ settledTo: 10 * minute, ...one })),
    missing: [],
    noData: null,
    totalSeries: series.length,
    truncated: false,
    tookMs: 1,
  };
  return { part: { ns: "n", metric, stat: "Average" }, result, weekBefore };
}

const two: [number, number][] = [
  [0, 1],
  [minute, 2],
];

test("two units share a chart with an axis each; a third unit gives every unit its own chart", () => {
  const cpu = found("Cpu", "Percent", [{ labels: {}, points: two }]);
  const bytes = found("In", "Bytes", [{ labels: {}, points: two }]);
  const count = found("Requests", "Count", [{ labels: {}, points: two }]);
  const shared = buildCharts([cpu, bytes], colorsOf);
  assert.deepEqual(
    shared.map(({ units, lines }) => [units, lines.map(({ axis }) => axis)]),
    [
      [
        ["Percent", "Bytes"],
        [0, 1],
      ],
    ],
  );
  assert.deepEqual(
    buildCharts([cpu, bytes, count], colorsOf).map(({ units }) => units),
    [["Percent"], ["Bytes"], ["Count"]],
  );
});

test("a bucket that ends after the settled time is the first that may change", () => {
  const [chart] = buildCharts(
    [found("Cpu", null, [{ labels: {}, points: [...two, [2 * minute, 3]], settledTo: 2 * minute }])],
    colorsOf,
  );
  assert.equal(chart?.lines[0]?.changingFrom, 2);
  const [settled] = buildCharts([found("Cpu", null, [{ labels: {}, points: two }])], colorsOf);
  assert.equal(settled?.lines[0]?.changingFrom, null);
});

test("the week before lies on the same time, with the colour of its series", () => {
  const before = found("Cpu", null, [
    {
      labels: { id: "a" },
      points: [[-weekMillis, 7]],
    },
  ]).result;
  const [chart] = buildCharts(
    [
      found(
        "Cpu",
        null,
        [
          { labels: { id: "a" }, points: two },
          { labels: { id: "b" }, points: two },
        ],
        before,
      ),
    ],
    colorsOf,
  );
  const lines = chart?.lines ?? [];
  assert.deepEqual(
    lines.map(({ label, faded }) => [label, faded]),
    [
      ["a", false],
      ["b", false],
      ["a · week before", true],
    ],
  );
  assert.equal(lines[2]?.color, lines[0]?.color);
  assert.equal(lines[2]?.values[0], 7);
});

test("lines of several metrics are told apart by metric and statistic", () => {
  const [chart] = buildCharts(
    [found("Cpu", null, [{ labels: {}, points: two }]), found("Cpu", null, [{ labels: {}, points: two }])],
    colorsOf,
  );
  assert.deepEqual(
    chart?.lines.map(({ label }) => label),
    ["Cpu Average", "Cpu Average (2)"],
  );
});
