/** Which metrics a run knows: what a listing adds, leaves out or no longer names. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSettableClock } from "../../../../test/support/settable-clock.ts";
import { createRunWorld, hour, metricOf, minute, start } from "./testing/run-world.ts";

const setUp = () => createRunWorld(createSettableClock(start));

test("a metric that comes to be listed later gets what it had before", async () => {
  const { aws, clock, collect } = setUp();
  await collect();
  clock.advance(20 * minute);
  aws.instances = 4;
  aws.asked = [];
  await collect();
  const spans = aws.asked.map(({ MetricDataQueries, StartTime, EndTime }) => [
    MetricDataQueries?.length,
    ((EndTime?.getTime() ?? 0) - (StartTime?.getTime() ?? 0)) / minute,
  ]);
  assert.deepEqual(spans, [
    [15, 35],
    [5, 180],
  ]);
  clock.advance(5 * minute);
  aws.asked = [];
  await collect();
  assert.deepEqual(
    aws.asked.map(({ MetricDataQueries }) => MetricDataQueries?.length),
    [20],
    "from now on it is one of all",
  );
});

test("a metric that came during a downtime gets what it had in it, too", async () => {
  const { aws, clock, collect } = setUp();
  await collect();
  clock.advance(60 * hour);
  aws.instances = 4;
  aws.asked = [];
  await collect();
  const old = aws.asked.filter(({ EndTime }) => (EndTime?.getTime() ?? 0) < clock.now() - 3 * hour);
  assert.ok(old.length >= 3);
  assert.ok(old.every(({ MetricDataQueries }) => MetricDataQueries?.length === 20));
});

test("metrics that are gone are forgotten, unless the listing broke off", async () => {
  const { aws, books, clock, collect } = setUp();
  const countKnown = async () => ((await books.knownMetrics("us-east-1"))?.byteLength ?? 0) / 8;
  await collect();
  aws.instances = 1;
  const whole = aws.listMetrics;
  aws.listMetrics = async () => ({ ...(await whole()), NextToken: "round" });
  clock.advance(2 * hour);
  await collect();
  assert.equal(await countKnown(), 3);
  aws.listMetrics = whole;
  clock.advance(2 * hour);
  await collect();
  assert.equal(await countKnown(), 1);
});

test("a listing is used for a quarter of an hour, and a failing one is replaced by the last", async () => {
  const { aws, clock, collect } = setUp();
  let listings = 0;
  aws.listMetrics = async () => {
    listings++;
    return { Metrics: [metricOf(0)] };
  };
  for (let turn = 0; turn < 6; turn++) {
    await collect();
    clock.advance(5 * minute);
  }
  assert.equal(listings, 2);
  aws.listMetrics = async () => {
    throw new Error("Throttling");
  };
  aws.asked = [];
  const result = await collect();
  assert.equal(result.problems.length, 1);
  assert.equal(aws.asked.length, 1);
});

test("a metric that a listing leaves out is asked for for an hour all the same", async () => {
  const { aws, clock, collect } = setUp();
  await collect();
  clock.advance(16 * minute);
  aws.instances = 1;
  aws.asked = [];
  await collect({ statistics: ["Average"] });
  assert.equal(aws.asked[0]?.MetricDataQueries?.length, 3);
  for (let turn = 0; turn < 5; turn++) {
    clock.advance(16 * minute);
    aws.asked = [];
    await collect({ statistics: ["Average"] });
  }
  assert.equal(aws.asked[0]?.MetricDataQueries?.length, 1);
});
