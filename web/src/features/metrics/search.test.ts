import assert from "node:assert/strict";
import { test } from "node:test";
import { metricsSearchOf, queryOf } from "./search.ts";

const hour = 3_600_000;

test("an address that people have edited never breaks the page", () => {
  assert.deepEqual(
    metricsSearchOf({
      ns: 7,
      metric: "",
      agg: "median",
      by: "x",
      dims: [],
      range: "2y",
      from: 5,
      to: 1,
      step: -1,
    }),
    {},
  );
});

test("a preset range ends now, a fixed one stays", () => {
  const chosen = { ns: "AWS/EC2", metric: "CPUUtilization", stat: "Average" };
  const moving = queryOf({ ...chosen, range: "1h" }, 10 * hour);
  assert.deepEqual([moving?.from, moving?.to], [9 * hour, 10 * hour]);
  const fixed = queryOf({ ...chosen, range: "1h", from: 1, to: 2 }, 10 * hour);
  assert.deepEqual([fixed?.from, fixed?.to], [1, 2]);
});

test("there is no query before a metric is chosen", () => {
  assert.equal(queryOf({ ns: "AWS/EC2" }, 0), undefined);
});

test("a filter without values filters nothing, and sums are summed", () => {
  const query = queryOf({ ns: "n", metric: "m", stat: "Sum", dims: { a: [], b: ["1"] } }, hour);
  assert.deepEqual(query?.dimensions, { b: ["1"] });
  assert.equal(query?.aggregation, "sum");
});

test("no grouping and grouping into one are different questions", () => {
  const chosen = { ns: "n", metric: "m", stat: "Average" };
  assert.ok(!("groupBy" in (queryOf(chosen, hour) ?? {})));
  assert.deepEqual(queryOf({ ...chosen, by: [] }, hour)?.groupBy, []);
});
