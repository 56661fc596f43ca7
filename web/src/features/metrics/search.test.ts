import assert from "node:assert/strict";
import { test } from "node:test";
import { changePart, metricsSearchOf, partsOf, queryOf, searchOfPart, withParts } from "./search.ts";

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

const cpu = { ns: "AWS/EC2", metric: "CPUUtilization", stat: "Average" };
const network = { ns: "AWS/EC2", metric: "NetworkIn", stat: "Sum" };

test("a field changes the metric that is edited and leaves the others alone", () => {
  const search = { ...cpu, more: [network], edit: 1, range: "1d" as const };
  const changed = changePart(search, 1, { stat: "Maximum", agg: undefined });
  assert.deepEqual(partsOf(changed), [cpu, { ...network, stat: "Maximum" }]);
  assert.equal(changed.edit, 1);
  assert.equal(changed.range, "1d");
});

test("what belongs to all metrics is changed for all, whichever is edited", () => {
  const changed = changePart({ ...cpu, more: [network] }, 1, { step: 300 });
  assert.equal(searchOfPart(changed, 0).step, 300);
  assert.equal(searchOfPart(changed, 1).step, 300);
  assert.deepEqual(partsOf(changed), [cpu, network]);
});

test("when the first metric goes the next one takes its place", () => {
  const search = { ...cpu, dims: { InstanceId: ["i-1"] }, more: [network], compare: "week" as const };
  assert.deepEqual(withParts(search, [network], 0), { ...network, compare: "week" });
});

test("an address cannot edit a metric that it does not have, nor carry any number of them", () => {
  assert.equal(metricsSearchOf({ ...cpu, edit: 3, more: [network] }).edit, undefined);
  assert.equal(metricsSearchOf({ ...cpu, more: Array(50).fill(network) }).more?.length, 5);
  assert.deepEqual(metricsSearchOf({ ...cpu, more: [7, null] }).more, [{}, {}]);
});
