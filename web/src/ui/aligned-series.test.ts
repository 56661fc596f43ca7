import assert from "node:assert/strict";
import { test } from "node:test";
import { alignSeries, isolatedPoints, splitChanging } from "./aligned-series.ts";

test("points at the rhythm of a series are joined, even when the step is finer", () => {
  const { times, values } = alignSeries(
    [
      [
        [0, 1],
        [300, 2],
        [600, 3],
      ],
    ],
    60,
  );
  assert.deepEqual(times, [0, 300, 600]);
  assert.deepEqual(values, [[1, 2, 3]]);
});

test("a silence longer than the rhythm becomes a gap, not a straight line", () => {
  const { times, values } = alignSeries(
    [
      [
        [0, 1],
        [60, 2],
        [120, 3],
        [600, 4],
      ],
    ],
    60,
  );
  assert.deepEqual(times, [0, 60, 120, 180, 600]);
  assert.deepEqual(values, [[1, 2, 3, null, 4]]);
});

test("a coarse series stays joined beside a fine one", () => {
  const { values } = alignSeries(
    [
      [
        [0, 1],
        [300, 2],
      ],
      [
        [0, 5],
        [60, 5],
        [120, 5],
        [180, 5],
        [240, 5],
        [300, 5],
      ],
    ],
    60,
  );
  assert.deepEqual(values[0], [1, undefined, undefined, undefined, undefined, 2]);
});

test("no series make an empty chart", () => {
  assert.deepEqual(alignSeries([], 60), { times: [], values: [] });
});

test("only a point without neighbours needs a dot", () => {
  assert.deepEqual(isolatedPoints([1, 2, null, 3, null, 4, undefined, 5]), [3]);
  assert.deepEqual(isolatedPoints([7]), [0]);
});

test("what may still change begins at the last settled value, so that the two parts meet", () => {
  assert.deepEqual(splitChanging([1, undefined, 2, 3, 4], 3), {
    settled: [1, undefined, 2, undefined, undefined],
    changing: [undefined, undefined, 2, 3, 4],
  });
});

test("after a gap the two parts do not meet", () => {
  assert.deepEqual(splitChanging([1, null, 3], 2).changing, [undefined, null, 3]);
});

test("a line without a value that may change stays whole", () => {
  assert.deepEqual(splitChanging([1, 2, undefined], 2), { settled: [1, 2, undefined], changing: null });
  assert.deepEqual(splitChanging([1, 2], null), { settled: [1, 2], changing: null });
});
