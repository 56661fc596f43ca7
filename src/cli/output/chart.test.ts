import assert from "node:assert/strict";
import { test } from "node:test";
import { drawChart } from "./chart.ts";

const options = { from: 0, to: 100_000, stepMs: 10_000, width: 42, height: 5, colour: false, unit: null };
const line = (text: string, row: number) => text.split("\n")[row] ?? "";

test("a rising line goes from the lower left to the upper right and the axis names both ends", () => {
  const points = Array.from({ length: 11 }, (_, i) => [i * 10_000, i * 10] as const);
  const chart = drawChart([{ label: "a", points }], options);
  assert.match(line(chart, 0), /^ {7}100 ┤ +[\u2801-\u28ff]+$/);
  assert.match(line(chart, 4), /^ {9}0 ┤[\u2801-\u28ff]+$/);
  assert.match(chart, /00:00 +00:00 +00:01 UTC/);
  assert.match(chart, /━━ a: last 100, min 0, max 100/);
});

test("a gap wider than two steps stays open", () => {
  const points = [
    [0, 5],
    [10_000, 5],
    [90_000, 5],
    [100_000, 5],
  ] as const;
  const drawn = drawChart([{ label: "a", points }], options)
    .split("\n")
    .filter((text) => /[\u2801-\u28ff]/.test(text));
  assert.match(drawn.join("\n"), /[\u2801-\u28ff] {10,}[\u2801-\u28ff]/);
});

test("a series that reports less often than the step is a line, not dots", () => {
  const points = [0, 25_000, 50_000, 75_000, 100_000].map((time) => [time, 5] as const);
  const row = drawChart([{ label: "a", points }], { ...options, stepMs: 1000 })
    .split("\n")
    .find((text) => /[\u2801-\u28ff]/.test(text));
  assert.match(row ?? "", /┤[\u2801-\u28ff]{30}$/);
});

test("one value, no value and values that are no numbers draw without failing", () => {
  assert.match(drawChart([{ label: "a", points: [[0, 7]] }], options), /last 7/);
  assert.equal(drawChart([{ label: "a", points: [] }], options), "No data in this range.\n");
  assert.equal(drawChart([{ label: "a", points: [[0, Number.NaN]] }], options), "No data in this range.\n");
  assert.match(
    drawChart(
      [
        {
          label: "a",
          points: [
            [0, -3],
            [10_000, -3],
          ],
        },
      ],
      options,
    ),
    /-3 ┤/,
  );
});

test("colours appear only when asked for", () => {
  const series = [
    {
      label: "a",
      points: [
        [0, 1],
        [10_000, 2],
      ] as const,
    },
  ];
  assert.doesNotMatch(drawChart(series, options), /\u001b/);
  assert.match(drawChart(series, { ...options, colour: true }), /\u001b\[36m/);
});
