import assert from "node:assert/strict";
import { test } from "node:test";
import { createSettableClock } from "../../../../test/support/settable-clock.ts";
import { hostNameTag } from "../../../contract/index.ts";
import type { Units } from "../integration-type.ts";
import { answerTo, createRunWorld, hour, metricOf, minute, noUnits, start } from "./testing/run-world.ts";

const setUp = () => createRunWorld(createSettableClock(start));

test("everything of the window is asked for once, stored, counted and priced, and the checkpoint moves to its end", async () => {
  const { aws, collect, positionOf, progress, written } = setUp();
  aws.instances = 250;
  const { accountId, ...result } = await collect();
  assert.equal(accountId, "123456789012");
  assert.deepEqual(result, { problems: [], someComplete: true, someStored: true, behind: false });
  assert.deepEqual(
    aws.asked.map(({ MetricDataQueries }) => MetricDataQueries?.length),
    [500, 500, 250],
  );
  assert.equal(written.length, 1250);
  assert.deepEqual(
    [progress().metricsListed, progress().metricsStored, progress().seriesStored],
    [250, 250, 1250],
  );
  assert.ok(
    Math.abs(progress().costUsd - 250 * 0.00001) < 1e-12,
    "250 metrics at a cent per thousand, statistics in one",
  );
  assert.equal(positionOf("us-east-1")?.storedTo, start - 2 * minute);
  assert.deepEqual(
    [progress().windowFrom, progress().windowTo],
    [start - 2 * minute - 3 * hour, start - 2 * minute],
  );
});

test("a role that may not read the account's alias collects all the same", async () => {
  const { collect, written } = setUp();
  await collect();
  assert.equal(written[0]?.series.accountAlias, undefined);
  assert.equal(written[0]?.series.accountId, "123456789012");
});

test("points that AWS spreads over pages are one series", async () => {
  const { aws, collect, written } = setUp();
  aws.instances = 1;
  aws.getMetricData = async (input) => {
    const page = answerTo(input, input.NextToken ? "Complete" : "PartialData");
    if (input.NextToken)
      for (const result of page.MetricDataResults ?? []) result.Timestamps = [new Date(start - hour)];
    return { ...page, NextToken: input.NextToken ? undefined : "more" };
  };
  const result = await collect({ statistics: ["Average"] });
  assert.deepEqual(result.problems, []);
  assert.equal(written.length, 1);
  assert.equal(written[0]?.points.length, 2);
});

test("pages that were answered are paid for when the next one is refused, and none is asked for beyond the cap", async () => {
  const { aws, clock, collect } = setUp();
  const pages = async (refusesSecond: boolean, callsMax: number) => {
    let calls = 0;
    aws.asked = [];
    aws.getMetricData = async (input) => {
      if (input.NextToken && refusesSecond) throw new Error("Throttling");
      return { ...answerTo(input), NextToken: input.NextToken ? undefined : "two" };
    };
    await collect(
      {},
      {
        spending: {
          add: (call) => {
            calls += call.operation === "GetMetricData" ? call.calls : 0;
          },
          refusal: () => (calls >= callsMax ? "No more money." : undefined),
        },
      },
    );
    return [aws.asked.length, calls];
  };
  assert.deepEqual(await pages(true, 9), [2, 1]);
  clock.advance(5 * minute);
  assert.deepEqual(await pages(false, 9), [2, 2]);
  clock.advance(5 * minute);
  assert.deepEqual(await pages(false, 1), [1, 1]);
});

test("when tags cannot be read, what a tag selects is left out and said, never pulled whole", async () => {
  const { aws, collect, written } = setUp();
  aws.getResources = async () => {
    throw new Error("AccessDenied");
  };
  const result = await collect({ instanceSelectionTags: { env: "prod" } });
  assert.equal(written.length, 0);
  assert.equal(result.problems[0]?.failure.rawCode, "AccessDenied");
  assert.equal(result.someComplete, false);
});

test("tags select instances and those asked for come along", async () => {
  const { aws, collect, written } = setUp();
  aws.getResources = async () => ({
    ResourceTagMappingList: [
      {
        ResourceARN: "arn:aws:ec2:us-east-1:123456789012:instance/i-1",
        Tags: [
          { Key: "env", Value: "prod" },
          { Key: "Name", Value: "web" },
        ],
      },
      {
        ResourceARN: "arn:aws:ec2:us-east-1:123456789012:instance/i-2",
        Tags: [{ Key: "env", Value: "test" }],
      },
    ],
  });
  await collect({
    instanceSelectionTags: { env: "prod" },
    pointTagFilterRegex: "name",
    statistics: ["Average"],
  });
  assert.deepEqual(
    written.map(({ series }) => [series.dimensions, series.tags]),
    [[{ InstanceId: "i-1" }, { Name: "web", [hostNameTag]: "web" }]],
  );
});

test("an instance is named by the tags of the settings, and then they need no filter of point tags", async () => {
  const { aws, collect, written } = setUp();
  aws.getResources = async () => ({
    ResourceTagMappingList: [
      {
        ResourceARN: "arn:aws:ec2:us-east-1:123456789012:instance/i-1",
        Tags: [
          { Key: "Name", Value: "web" },
          { Key: "fqdn", Value: "web-1.example" },
        ],
      },
    ],
  });
  await collect({ hostNameTags: ["FQDN", "name"], statistics: ["Average"] });
  assert.deepEqual(
    written.map(({ series }) => series.tags),
    [{}, { [hostNameTag]: "web-1.example" }, {}],
  );
});

test("nothing is asked for while nothing new can be there", async () => {
  const { aws, collect, progress } = setUp();
  await collect();
  aws.asked = [];
  const result = await collect();
  assert.deepEqual([aws.asked.length, progress().metricsListed, result.someComplete], [0, 0, true]);
});

test("metrics with a few points a day are asked for at their own period, and not again until there can be more", async () => {
  const { aws, clock, collect, positionOf, progress } = setUp();
  const size = { Namespace: "AWS/S3", MetricName: "BucketSizeBytes" };
  const storage = { ...size, Dimensions: [{ Name: "StorageType", Value: "StandardStorage" }] };
  aws.listMetrics = async () => ({ Metrics: [metricOf(0), storage] });
  await collect({ statistics: ["Average"] });
  const asked = () =>
    aws.asked.map(({ MetricDataQueries: [query] = [], StartTime, EndTime }) => [
      query?.MetricStat?.Period,
      ((EndTime?.getTime() ?? 0) - (StartTime?.getTime() ?? 0)) / hour,
    ]);
  assert.deepEqual(asked(), [
    [60, 3],
    [86_400, 14 * 24 + 12],
  ]);
  assert.equal(positionOf("us-east-1/s3-storage")?.storedTo, start);
  assert.equal(
    progress().windowFrom,
    start - 2 * minute - 3 * hour,
    "the run's window is that of the usual metrics",
  );
  clock.advance(5 * minute);
  aws.asked = [];
  await collect({ statistics: ["Average"] });
  assert.deepEqual(
    asked().map(([period]) => period),
    [60],
  );
});

/** Units as the collector keeps them, without time. */
function rememberUnits() {
  const known = new Map<string, string>();
  const state = { paused: false, known };
  const units: Units = {
    get: ({ metricName }) => known.get(metricName),
    claim: ({ metricName }) => !state.paused && !known.has(metricName),
    learn: ({ metricName }, unit) => unit && known.set(metricName, unit),
    pause: () => {
      state.paused = true;
    },
  };
  return { units, state };
}

test("a metric is asked for its unit once; its series carry it, except those that count samples", async () => {
  const { aws, clock, collect, written } = setUp();
  let calls = 0;
  aws.getMetricStatistics = async () => {
    calls++;
    return { Datapoints: [{ Unit: "Percent" }] };
  };
  const { units } = rememberUnits();
  await collect({}, { units });
  assert.equal(calls, 1, "three instances, five statistics, one metric");
  for (const { series } of written) {
    assert.equal(series.unit, series.statistic === "SampleCount" ? undefined : "Percent");
  }
  clock.advance(5 * minute);
  await collect({}, { units });
  assert.equal(calls, 1);
});

test("a role that may not read units collects all the same, and is not asked again", async () => {
  const { aws, collect, written } = setUp();
  let calls = 0;
  aws.getMetricStatistics = async () => {
    calls++;
    throw new Error("AccessDenied");
  };
  const { units, state } = rememberUnits();
  const result = await collect({}, { units });
  assert.deepEqual([result.problems, written.length, calls, state.paused], [[], 15, 1, true]);
  assert.equal(written[0]?.series.unit, undefined);
});

test("the calls of a run are spread over the minutes that the settings give them", async () => {
  const { aws, clock, collect, written } = setUp();
  aws.instances = 250;
  const times: number[] = [];
  const answer = aws.getMetricData;
  aws.getMetricData = async (input) => {
    times.push((clock.now() - start) / 1000);
    return answer(input);
  };
  const run = collect({ threadDistributionInMins: 3 });
  for (let second = 0; second < 180; second++) {
    await new Promise(setImmediate);
    clock.advance(1000);
  }
  const result = await run;
  assert.deepEqual([result.problems, written.length], [[], 250 * 5]);
  assert.deepEqual(times, [0, 60, 120], "three batches of a hundred metrics");
});

test("metrics of linked accounts are asked for by owner, stored under it, and never asked for their unit", async () => {
  const { aws, collect, written } = setUp();
  const owned = (owner: string, i: number) => ({ owner, metric: metricOf(i) });
  const all = [owned("123456789012", 0), owned("222222222222", 1), owned("333333333333", 2)];
  aws.listMetrics = async () => ({
    Metrics: all.map(({ metric }) => metric),
    OwningAccounts: all.map(({ owner }) => owner),
  });
  let unitsAsked = 0;
  aws.getMetricStatistics = async () => {
    unitsAsked++;
    return { Datapoints: [] };
  };
  const units = { ...noUnits, claim: () => true };
  await collect(
    { includeLinkedAccounts: true, owningAccounts: ["222222222222"], statistics: ["Sum"] },
    { units },
  );
  const queries = aws.asked.flatMap(({ MetricDataQueries = [] }) => MetricDataQueries);
  assert.deepEqual(
    queries.map(({ AccountId, MetricStat }) => [AccountId, MetricStat?.Metric?.Dimensions?.[0]?.Value]),
    [
      [undefined, "i-0"],
      ["222222222222", "i-1"],
    ],
  );
  assert.deepEqual(written.map(({ series }) => series.accountId).sort(), ["123456789012", "222222222222"]);
  assert.equal(unitsAsked, 1);
});
