import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { simulateAws } from "../../test/support/simulated-aws.ts";
import { applications } from "../inventory.ts";
import { dayMs, incidentOf } from "./behaviour.ts";
import { type SimulatedMetric, slotsBetween } from "./metric.ts";
import { parseStatistic } from "./statistics.ts";

const nowMs = Date.UTC(2026, 10, 20, 12);
const hourMs = 3_600_000;

function catalogueOf(seed = 1, region = "us-east-1") {
  const { simulator } = simulateAws({ seed, nowMs });
  return simulator.world.catalogue(simulator.seeded.productionAccountId, region);
}

function value(
  metric: SimulatedMetric,
  statistic: string,
  startMs: number,
  periodMs: number,
): number | undefined {
  const { slots, weight } = slotsBetween(metric, startMs, periodMs, nowMs);
  return parseStatistic(statistic)?.(slots, weight);
}

const { metrics } = catalogueOf();
const named = (namespace: string, name: string) =>
  metrics.filter((metric) => metric.namespace === namespace && metric.name === name);

test("the same seed gives the same account and the same values, another seed others", () => {
  const again = catalogueOf().metrics;
  const other = catalogueOf(2).metrics;
  const at = nowMs - 30 * dayMs;
  const readings = (all: readonly SimulatedMetric[]) =>
    all.map((metric) => value(metric, "Average", at, 3 * hourMs));
  assert.deepEqual(readings(again), readings(metrics));
  assert.notDeepEqual(readings(other), readings(metrics));
});

test("two regions own things of the same name that behave differently", () => {
  const find = (region: string) =>
    catalogueOf(1, region).find("AWS/SQS", "NumberOfMessagesSent", [{ Name: "QueueName", Value: "orders" }]);
  const [here, there] = [find("us-east-1"), find("eu-west-1")];
  assert.ok(here && there);
  assert.notEqual(value(here, "Sum", nowMs - dayMs, hourMs), value(there, "Sum", nowMs - dayMs, hourMs));
});

test("an account has the size of a real one, and any size on request", () => {
  const away = catalogueOf(1, "eu-west-1").metrics;
  const total = metrics.length + away.length;
  assert.ok(total >= 800 && total <= 1_200, String(total));
  const { simulator } = simulateAws({ metricsPerAccount: 20_000 });
  assert.equal(simulator.world.catalogue("222222222222", "us-east-1").metrics.length, 10_000);
});

test("statistics agree with each other, for every metric at any time and period", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...metrics),
      fc.integer({ min: 1, max: 400 * 24 }),
      fc.constantFrom(1, 5, 60, 180, 1_440),
      (metric, hoursAgo, periodMinutes) => {
        const startMs = nowMs - hoursAgo * hourMs;
        const read = (statistic: string) => value(metric, statistic, startMs, periodMinutes * 60_000);
        const [min, average, max, sum, count] = ["Minimum", "Average", "Maximum", "Sum", "SampleCount"].map(
          read,
        );
        if (count === undefined) return;
        const tolerance = 1e-9 * Math.abs(sum ?? 0) + 1e-12;
        assert.ok((min ?? 0) <= (average ?? 0) + tolerance && (average ?? 0) <= (max ?? 0) + tolerance);
        assert.ok(Math.abs((average ?? 0) * count - (sum ?? 0)) <= tolerance);
        const percentiles = ["p0", "p10", "p50", "p90", "p99.9", "p100"].map(
          (name) => read(name) ?? Number.NaN,
        );
        assert.equal(percentiles[0], min);
        assert.equal(percentiles.at(-1), max);
        assert.ok(percentiles.every((item, i) => i === 0 || item >= (percentiles[i - 1] ?? 0) - tolerance));
        assert.ok((min ?? 0) >= 0);
        if (metric.unit === "Percent") assert.ok((max ?? 0) <= 100);
      },
    ),
    { numRuns: 600 },
  );
});

test("reading an hour in parts or as a whole gives the same sum", () => {
  const [metric] = named("AWS/ApplicationELB", "RequestCount");
  assert.ok(metric);
  const startMs = nowMs - 5 * hourMs;
  let sum = 0;
  for (let minute = 0; minute < 60; minute++)
    sum += value(metric, "Sum", startMs + minute * 60_000, 60_000) ?? 0;
  assert.equal(value(metric, "Sum", startMs, hourMs), sum);
});

describe("the signals look like an account", () => {
  const average = (metric: SimulatedMetric, startMs: number, hours: number) =>
    value(metric, "Average", startMs, hours * hourMs) ?? Number.NaN;

  test("afternoons are busier than nights, weekdays busier than Sundays", () => {
    const [cpu] = named("AWS/RDS", "CPUUtilization");
    assert.ok(cpu);
    const wednesday = Date.UTC(2026, 10, 18);
    const sunday = Date.UTC(2026, 10, 15);
    assert.ok(average(cpu, wednesday + 12 * hourMs, 3) > 1.3 * average(cpu, wednesday + hourMs, 3));
    assert.ok(average(cpu, wednesday, 24) > 1.15 * average(cpu, sunday, 24));
  });

  test("once a day one application fails visibly, and the others do not", () => {
    const errors = named("MyApp", "ErrorRate");
    const seed = errors[0]?.context.accountSeed ?? 0;
    const day = Math.floor(nowMs / dayMs) - 1;
    const incident = incidentOf(seed, applications, day);
    const middle = Math.floor((incident.startMs + incident.endMs) / 2 / 60_000) * 60_000;
    for (const metric of errors) {
      const ratio = average(metric, middle, 0.25) / average(metric, middle - 24 * 14 * hourMs, 0.25);
      if (metric.context.application === incident.application) assert.ok(ratio > 8, `${ratio}`);
      else assert.ok(ratio < 6, `${metric.context.application} ${ratio}`);
    }
  });

  test("the bill rises through the month and starts again", () => {
    const bill = named("AWS/Billing", "EstimatedCharges").find(({ dimensions }) => dimensions.length === 1);
    assert.ok(bill);
    const at = (day: number, month: number) => average(bill, Date.UTC(2026, month, day), 6);
    const days = [1, 5, 10, 20, 31].map((day) => at(day, 9));
    assert.ok(days.every((cost, i) => i === 0 || cost > (days[i - 1] ?? 0)));
    assert.ok(at(1, 10) < at(31, 9) / 20);
  });

  test("a terminated instance has no points after its end", () => {
    const ended = named("AWS/EC2", "CPUUtilization").find(({ untilMs }) => Number.isFinite(untilMs));
    assert.ok(ended);
    assert.notEqual(value(ended, "Average", ended.untilMs - hourMs, hourMs), undefined);
    assert.equal(value(ended, "Average", ended.untilMs, hourMs), undefined);
  });

  test("nothing is published before its time", () => {
    const [storage] = named("AWS/S3", "BucketSizeBytes");
    assert.ok(storage);
    assert.equal(value(storage, "Average", Math.floor(nowMs / dayMs) * dayMs, dayMs), undefined);
    assert.notEqual(value(storage, "Average", (Math.floor(nowMs / dayMs) - 1) * dayMs, dayMs), undefined);
  });
});

describe("names of statistics", () => {
  test("those of CloudWatch are known", () => {
    for (const name of [
      "Average",
      "p0",
      "p50",
      "p99.99",
      "p100",
      "tm90",
      "TM(10%:90%)",
      "TM(:99%)",
      "IQM",
      "wm95",
      "tc99",
      "ts99",
    ])
      assert.ok(parseStatistic(name), name);
  });
  test("others are not", () => {
    for (const name of [
      "",
      "average",
      "p",
      "p101",
      "p-1",
      "tm0",
      "TM(90%:10%)",
      "constructor",
      "__proto__",
      "P50",
    ])
      assert.equal(parseStatistic(name), undefined, name);
  });
});
