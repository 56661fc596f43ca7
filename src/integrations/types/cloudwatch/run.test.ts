import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { GetMetricDataCommandInput, GetMetricDataCommandOutput } from "@aws-sdk/client-cloudwatch";
import { quietLog } from "../../../../test/support/quiet-log.ts";
import { createSettableClock, type SettableClock } from "../../../../test/support/settable-clock.ts";
import { AppError } from "../../../base/index.ts";
import type { AwsFailure, AwsSession } from "../../connection.ts";
import type { Checkpoint, CollectContext, CollectedSeries, Progress, Units } from "../integration-type.ts";
import type { CloudWatchConfig } from "./config.ts";
import { collectCloudWatch, incompleteTriesMax } from "./run.ts";

const minute = 60_000;
const hour = 60 * minute;
const start = Date.UTC(2026, 0, 31, 12);

/** An AWS of one region with some instances; tests replace what it answers. */
interface FakeAws {
  instances: number;
  listMetrics(): Promise<object>;
  getMetricData(input: GetMetricDataCommandInput): Promise<Partial<GetMetricDataCommandOutput>>;
  getResources(): Promise<object>;
  getMetricStatistics(): Promise<object>;
  asked: GetMetricDataCommandInput[];
}

let aws: FakeAws;
let clock: SettableClock;
let checkpoints: Map<string, Checkpoint>;
let written: CollectedSeries[];
let progress: Progress;

beforeEach(() => {
  clock = createSettableClock(start);
  checkpoints = new Map();
  written = [];
  aws = {
    instances: 3,
    listMetrics: async () => ({ Metrics: Array.from({ length: aws.instances }, (_, i) => metricOf(i)) }),
    getMetricData: async (input) => answerTo(input),
    getResources: async () => ({ ResourceTagMappingList: [] }),
    getMetricStatistics: async () => ({ Datapoints: [{ Unit: "Percent" }] }),
    asked: [],
  };
});

const metricOf = (i: number) => ({
  Namespace: "AWS/EC2",
  MetricName: "CPUUtilization",
  Dimensions: [{ Name: "InstanceId", Value: `i-${i}` }],
});

/** One point a query, at the start of the range. */
const answerTo = (
  { MetricDataQueries = [], StartTime }: GetMetricDataCommandInput,
  StatusCode = "Complete",
) =>
  ({
    MetricDataResults: MetricDataQueries.map(({ Id }) => ({
      Id,
      Timestamps: [StartTime],
      Values: [1],
      StatusCode,
    })),
  }) as Partial<GetMetricDataCommandOutput>;

function collect(config: Partial<CloudWatchConfig> = {}, changes: Partial<CollectContext> = {}) {
  const counts = { metricsListed: 0, seriesStored: 0, metricsStored: 0, pointsStored: 0, costUsd: 0 };
  progress = { windowFrom: null, windowTo: null, latestPointAt: null, ...counts };
  const nothing = { namespaces: [], metricFilterRegex: "", pointTagFilterRegex: "" };
  const settings = { ...nothing, instanceSelectionTags: {}, volumeSelectionTags: {}, ...config };
  return collectCloudWatch({
    integration: { id: "an-id", service: "CLOUDWATCH", config: { ...settings }, additionalTags: {} },
    session: createSession(),
    clock,
    log: quietLog,
    signal: new AbortController().signal,
    classify,
    checkpoints: {
      get: async (scope) => checkpoints.get(scope),
      set: async (scope, checkpoint) => {
        checkpoints.set(scope, checkpoint);
      },
    },
    write: async (series) => {
      written.push(...series);
    },
    progress,
    units: noUnits,
    ...changes,
  });
}

/** For tests that are not about units. */
const noUnits: Units = { get: () => undefined, claim: () => false, learn: () => {}, pause: () => {} };

function createSession(): AwsSession {
  const send = async (command: { input: never; constructor: { name: string } }) => {
    if (command.constructor.name === "ListMetricsCommand") return aws.listMetrics();
    if (command.constructor.name === "GetResourcesCommand") return aws.getResources();
    if (command.constructor.name === "ListAccountAliasesCommand") throw new Error("AccessDenied");
    if (command.constructor.name === "GetMetricStatisticsCommand") return aws.getMetricStatistics();
    aws.asked.push(command.input);
    return aws.getMetricData(command.input);
  };
  const session: AwsSession = {
    region: "us-east-1",
    identity: async () => ({
      accountId: "123456789012",
      arn: "arn:aws:iam::123456789012:user/u",
      userId: "u",
    }),
    client: () => ({ send }) as never,
    withAccounting: () => session,
  };
  return session;
}

const classify = (error: unknown): AwsFailure => {
  const rawCode = (error as Error).message;
  const cause = rawCode === "Throttling" ? "THROTTLED" : "UNKNOWN";
  return { cause, rawCode, message: rawCode, advice: [], disables: rawCode === "InvalidClientTokenId" };
};

test("everything of the window is asked for once, stored, counted and priced, and the checkpoint moves to its end", async () => {
  aws.instances = 250;
  const result = await collect();
  assert.deepEqual(result, { problems: [], someComplete: true, someStored: true, behind: false });
  assert.deepEqual(
    aws.asked.map(({ MetricDataQueries }) => MetricDataQueries?.length),
    [500, 500, 250],
  );
  assert.equal(written.length, 1250);
  assert.deepEqual([progress.metricsListed, progress.metricsStored, progress.seriesStored], [250, 250, 1250]);
  assert.ok(
    Math.abs(progress.costUsd - 250 * 0.00001) < 1e-12,
    "250 metrics at a cent per thousand, statistics in one",
  );
  assert.deepEqual(checkpoints.get("us-east-1"), { storedTo: start - 2 * minute, incompleteTries: 0 });
  assert.deepEqual(
    [progress.windowFrom, progress.windowTo],
    [start - 2 * minute - 3 * hour, start - 2 * minute],
  );
});

test("a role that may not read the account's alias collects all the same", async () => {
  await collect();
  assert.equal(written[0]?.series.accountAlias, undefined);
  assert.equal(written[0]?.series.accountId, "123456789012");
});

test("a batch fails alone: the others are stored, the checkpoint stays, the failure is told", async () => {
  aws.instances = 250;
  let calls = 0;
  aws.getMetricData = async (input) => {
    if (++calls === 2) throw new Error("Throttling");
    return answerTo(input);
  };
  const result = await collect();
  assert.equal(written.length, 750);
  assert.deepEqual([result.someComplete, result.someStored], [false, true]);
  assert.equal(result.problems[0]?.failure.cause, "THROTTLED");
  assert.equal(checkpoints.get("us-east-1"), undefined);
});

test("when batch after batch fails, the region is left alone instead of being asked a thousand times", async () => {
  aws.instances = 10_000;
  aws.getMetricData = async () => {
    throw new Error("Throttling");
  };
  await collect();
  assert.ok(aws.asked.length <= 5, `${aws.asked.length} of 100 batches were tried`);
});

test("refused credentials end the run at once, and nothing is written afterwards", async () => {
  aws.instances = 1_000;
  aws.getMetricData = async () => {
    throw new Error("InvalidClientTokenId");
  };
  await assert.rejects(collect(), { name: "CredentialsFailure" });
  const calls = aws.asked.length;
  await new Promise(setImmediate);
  assert.ok(calls <= 3 && aws.asked.length === calls);
});

test("our own store's failure is not blamed on AWS, and the checkpoint stays", async () => {
  const write = async () => {
    throw new AppError("store_unavailable");
  };
  await assert.rejects(collect({}, { write }), { code: "store_unavailable" });
  assert.equal(checkpoints.size, 0);
});

test("a catch-up asks for the newest range first, passes no hole and says that more is left", async () => {
  const storedTo = start - 40 * hour;
  checkpoints.set("us-east-1", { storedTo, incompleteTries: 0 });
  const result = await collect();
  assert.equal(result.behind, true);
  const starts = aws.asked.map(({ StartTime }) => StartTime?.getTime() ?? 0);
  assert.ok((starts[0] ?? 0) > start - 4 * hour, "newest first");
  assert.equal(starts[1], storedTo - 15 * minute, "then the oldest");
  const reached = checkpoints.get("us-east-1")?.storedTo ?? 0;
  assert.ok(
    reached > storedTo + 18 * hour && reached < start - 4 * hour,
    "as far as is stored without a hole",
  );
});

test("an incomplete range is asked for again some times and then taken as it is", async () => {
  aws.getMetricData = async (input) => answerTo(input, "InternalError");
  for (let run = 1; run < incompleteTriesMax; run++) {
    const result = await collect();
    assert.match(result.problems[0]?.failure.message ?? "", /InternalError/);
    assert.equal(checkpoints.get("us-east-1")?.incompleteTries, run);
    clock.advance(5 * minute);
  }
  const before = checkpoints.get("us-east-1")?.storedTo ?? 0;
  await collect();
  const after = checkpoints.get("us-east-1");
  assert.ok(after && after.storedTo > before);
  assert.equal(after.incompleteTries, 0);
});

test("a page token that comes again ends the batch and leaves the checkpoint", async () => {
  aws.getMetricData = async (input) => ({ ...answerTo(input), NextToken: "again" });
  const result = await collect();
  assert.match(result.problems[0]?.failure.message ?? "", /same page token twice/);
  assert.equal(checkpoints.get("us-east-1")?.storedTo, progress.windowFrom);
  assert.equal(written.length, 15, "what came is stored");
});

test("points that AWS spreads over pages are one series", async () => {
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

test("when tags cannot be read, what a tag selects is left out and said, never pulled whole", async () => {
  aws.getResources = async () => {
    throw new Error("AccessDenied");
  };
  const result = await collect({ instanceSelectionTags: { env: "prod" } });
  assert.equal(written.length, 0);
  assert.equal(result.problems[0]?.failure.rawCode, "AccessDenied");
  assert.equal(result.someComplete, false);
});

test("tags select instances and those asked for come along", async () => {
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
    [[{ InstanceId: "i-1" }, { Name: "web" }]],
  );
});

test("nothing is asked for while nothing new can be there", async () => {
  await collect();
  aws.asked = [];
  const result = await collect();
  assert.deepEqual([aws.asked.length, progress.metricsListed, result.someComplete], [0, 0, true]);
});

test("metrics with a few points a day are asked for at their own period, and not again until there can be more", async () => {
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
  assert.equal(checkpoints.get("us-east-1/s3-storage")?.storedTo, start);
  assert.equal(
    progress.windowFrom,
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
