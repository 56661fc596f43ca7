import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { GetMetricDataCommandInput, GetMetricDataCommandOutput } from "@aws-sdk/client-cloudwatch";
import { quietLog } from "../../../../test/support/quiet-log.ts";
import { createSettableClock, type SettableClock } from "../../../../test/support/settable-clock.ts";
import { AppError } from "../../../base/index.ts";
import { hostNameTag } from "../../../contract/index.ts";
import type { AwsFailure, AwsSession } from "../../connection.ts";
import type { CollectContext, CollectedSeries, Progress, Units } from "../integration-type.ts";
import { newProgress } from "../progress.ts";
import type { CloudWatchConfig } from "./config.ts";
import { collectCloudWatch } from "./run.ts";
import { createMemoryBooks, createMemoryListings, type MemoryBooks } from "./testing/memory-books.ts";

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
let books: MemoryBooks;
let listings: ReturnType<typeof createMemoryListings>;
let written: CollectedSeries[];
let progress: Progress;

beforeEach(() => {
  clock = createSettableClock(start);
  books = createMemoryBooks();
  listings = createMemoryListings();
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
  progress = newProgress();
  const nothing = { namespaces: [], metricFilterRegex: "", pointTagFilterRegex: "" };
  const settings = { ...nothing, instanceSelectionTags: {}, volumeSelectionTags: {}, ...config };
  return collectCloudWatch({
    integration: {
      id: "an-id",
      service: "CLOUDWATCH",
      config: { ...settings },
      additionalTags: {},
      refreshMinutes: 5,
      updatedAt: 0,
    },
    session: createSession(),
    clock,
    log: quietLog,
    signal: new AbortController().signal,
    classify,
    books,
    listings,
    spending: { refusal: () => undefined, add: () => {} },
    write: async (series) => {
      written.push(...series);
      const points = series.reduce((sum, one) => sum + one.points.length, 0);
      return { points, added: points, changed: 0 };
    },
    progress,
    units: noUnits,
    ...changes,
  });
}

const positionOf = (scope: string) => books.positions.get(scope);
const owedNow = () => [...books.windows.values()].map(({ id: _id, scope: _scope, ...owed }) => owed);

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
  const { accountId, ...result } = await collect();
  assert.equal(accountId, "123456789012");
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
  assert.equal(positionOf("us-east-1")?.storedTo, start - 2 * minute);
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

test("a batch fails alone: the others are stored, and its metrics are owed what they lack", async () => {
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
  assert.equal(positionOf("us-east-1")?.storedTo, start - 2 * minute);
  const [owed, ...others] = owedNow();
  assert.deepEqual(others, []);
  assert.deepEqual(
    [owed?.reason, owed?.metrics, owed?.reading, owed?.from, owed?.to],
    ["throttled", 100, 0, start - 2 * minute - 3 * hour, start - 2 * minute],
  );
});

test("a young debt is paid by the next reading of its metrics, without a call of its own", async () => {
  aws.instances = 250;
  let calls = 0;
  aws.getMetricData = async (input) => {
    if (++calls === 5) throw new Error("Throttling");
    return answerTo(input);
  };
  await collect();
  clock.advance(5 * minute);
  await collect();
  const [owed] = owedNow();
  assert.equal(owed?.from, start - 2 * minute - 15 * minute);
  clock.advance(30 * minute);
  aws.asked = [];
  await collect();
  assert.deepEqual(owedNow(), []);
  const starts = aws.asked.map(({ StartTime }) => (start - (StartTime?.getTime() ?? 0)) / minute);
  assert.deepEqual(
    starts.toSorted((a, b) => a - b),
    [12, 12, 17],
    "one of three batches begins earlier",
  );
});

test("when batch after batch fails, the region is left alone instead of being asked a thousand times", async () => {
  aws.instances = 10_000;
  aws.getMetricData = async () => {
    throw new Error("Throttling");
  };
  await collect();
  assert.ok(aws.asked.length <= 10, `${aws.asked.length} of 100 batches were tried`);
  const position = positionOf("us-east-1");
  assert.deepEqual(position?.trouble, { reason: "throttled", detail: "Throttling" });
  assert.equal(position?.storedTo, position?.startedAt);
});

test("refused credentials end the run at once, and nothing is written afterwards", async () => {
  aws.instances = 1_000;
  aws.getMetricData = async () => {
    throw new Error("InvalidClientTokenId");
  };
  await assert.rejects(collect(), { name: "CredentialsFailure" });
  const calls = aws.asked.length;
  await new Promise(setImmediate);
  assert.ok(calls <= 6 && aws.asked.length === calls);
});

test("our own store's failure is not blamed on AWS, and nothing is noted as read", async () => {
  const write = async () => {
    throw new AppError("store_unavailable");
  };
  await assert.rejects(collect({}, { write }), { code: "store_unavailable" });
  assert.equal(books.positions.size, 0);
});

test("after downtime the newest time comes first; the rest is owed and paid in long parts", async () => {
  const downFor = 40 * hour;
  await collect();
  const stoppedAt = positionOf("us-east-1")?.storedTo ?? 0;
  clock.advance(downFor);
  aws.asked = [];
  const result = await collect();
  const asked = aws.asked.map(({ StartTime, EndTime }) => [
    (StartTime?.getTime() ?? 0) - stoppedAt,
    ((EndTime?.getTime() ?? 0) - (StartTime?.getTime() ?? 0)) / hour,
  ]);
  assert.deepEqual(asked[0], [downFor - 3 * hour, 3], "live");
  assert.deepEqual(asked.slice(1, 3), [
    [0, 24],
    [24 * hour, 13],
  ]);
  assert.equal(result.behind, false);
  assert.deepEqual(
    owedNow().filter(({ reading }) => reading === 0),
    [],
  );
});

test("what failed as a whole is owed with its reason once the region can be read again", async () => {
  await collect();
  const good = aws.getMetricData;
  aws.getMetricData = async () => {
    throw new Error("Throttling");
  };
  clock.advance(6 * hour);
  await collect();
  assert.deepEqual(owedNow(), [], "the time after the last reading speaks for itself");
  aws.getMetricData = async (input) => {
    if ((input.StartTime?.getTime() ?? 0) < start) throw new Error("Throttling");
    return answerTo(input);
  };
  await collect();
  const missing = owedNow().filter(({ reading }) => reading === 0);
  assert.deepEqual(
    missing.map(({ reason, tries }) => [reason, tries]),
    [["throttled", 1]],
  );
  aws.getMetricData = good;
  clock.advance(2 * minute);
  await collect();
  assert.deepEqual(
    owedNow().filter(({ reading }) => reading === 0),
    [],
  );
});

test("metrics that AWS spoils are owed one by one, until a reading of them is whole", async () => {
  aws.getMetricData = async (input) => {
    const answer = answerTo(input);
    const spoiled = answer.MetricDataResults?.[0];
    if (spoiled) spoiled.StatusCode = "InternalError";
    return answer;
  };
  const result = await collect({ statistics: ["Average"] });
  assert.match(result.problems[0]?.failure.message ?? "", /InternalError/);
  assert.deepEqual(
    owedNow().map(({ metrics, firstMetric, reason, tries }) => [metrics, firstMetric, reason, tries]),
    [[1, "AWS/EC2 CPUUtilization", "internal-error", 1]],
  );
  const since = owedNow()[0]?.owedSince;
  clock.advance(5 * minute);
  await collect({ statistics: ["Average"] });
  assert.deepEqual([owedNow()[0]?.tries, owedNow()[0]?.owedSince], [2, since]);
  aws.getMetricData = async (input) => answerTo(input);
  clock.advance(5 * minute);
  await collect({ statistics: ["Average"] });
  assert.deepEqual(owedNow(), []);
});

test("a page token that comes again ends the batch, which is owed", async () => {
  aws.getMetricData = async (input) => ({ ...answerTo(input), NextToken: "again" });
  const result = await collect();
  assert.match(result.problems[0]?.failure.message ?? "", /same page token twice/);
  assert.equal(owedNow().length, 1);
  assert.equal(written.length, 15, "what came is stored");
});

test("time is read again when it is 3, 26 and 50 hours old, and then never more", async () => {
  const write: CollectContext["write"] = async () => ({ points: 1, added: 0, changed: 0 });
  const readings: { age: number; hours: number }[] = [];
  for (let passed = 0; passed < 5 * 24 * hour; passed += hour) {
    aws.asked = [];
    await collect({}, { write });
    for (const { StartTime, EndTime } of aws.asked) {
      const [from, to] = [StartTime?.getTime() ?? 0, EndTime?.getTime() ?? 0];
      if (to < clock.now() - 2 * hour)
        readings.push({ age: Math.floor((clock.now() - to) / hour), hours: (to - from) / hour });
    }
    clock.advance(hour);
  }
  const ofAge = (age: number) => readings.filter((reading) => reading.age === age);
  assert.ok(ofAge(3).length >= 18 && ofAge(3).every(({ hours }) => hours === 6));
  assert.ok(ofAge(26).length >= 3 && ofAge(26).every(({ hours }) => hours === 24));
  assert.ok(ofAge(50).length >= 2 && ofAge(50).every(({ hours }) => hours === 24));
  assert.equal(readings.length, ofAge(3).length + ofAge(26).length + ofAge(50).length);
});

test("what still changes at the last reading is read once more a day later, its metrics alone", async () => {
  aws.instances = 30;
  const write: CollectContext["write"] = async (series, { to }) => {
    const old = clock.now() - to > 40 * hour && clock.now() - to < 70 * hour;
    const late = series.some(({ series: one }) => one.dimensions.InstanceId === "i-0");
    return { points: 1, added: 0, changed: old && late ? 1 : 0 };
  };
  let fourth: number | undefined;
  for (let passed = 0; passed < 5 * 24 * hour; passed += hour) {
    await collect({}, { write });
    const owed = owedNow().find(({ reading }) => reading === 4);
    fourth ??= owed?.metrics;
    clock.advance(hour);
  }
  assert.equal(fourth, 14, "the metrics of its batch");
  assert.deepEqual(
    owedNow().filter(({ reading }) => reading > 4),
    [],
    "the fourth reading found no change, so there is no fifth",
  );
});

test("what AWS no longer keeps becomes a gap with its reason", async () => {
  await collect();
  clock.advance(20 * 24 * hour);
  await collect();
  assert.deepEqual(
    books.gaps.map(({ reason, from }) => [reason, from]),
    [["downtime", start - 2 * minute]],
  );
  const [gap] = books.gaps;
  assert.ok(gap && gap.to > start + 4 * 24 * hour && gap.to <= start + 5 * 24 * hour + minute);
});

test("a metric that comes to be listed later gets what it had before", async () => {
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

test("after a change of the period everything that is still to be read begins on full periods", async () => {
  clock.advance(minute);
  await collect();
  const good = aws.getMetricData;
  aws.getMetricData = async (input) => answerTo(input, "InternalError");
  clock.advance(5 * minute);
  await collect();
  aws.getMetricData = good;
  aws.asked = [];
  const change = { periodSeconds: 3600 };
  for (let hours = 0; hours < 30; hours++) {
    clock.advance(hour);
    await collect(change);
  }
  const times = aws.asked.flatMap(({ StartTime, EndTime }) => [StartTime?.getTime(), EndTime?.getTime()]);
  assert.ok(times.length > 60);
  assert.deepEqual(
    times.filter((time) => (time ?? 1) % hour !== 0),
    [],
  );
});

test("a region that the settings no longer name owes nothing any more", async () => {
  const regions = ["us-east-1", "eu-west-1"];
  await collect({ regions });
  clock.advance(6 * hour);
  await collect({ regions });
  const owing = () => new Set([...books.windows.values()].map(({ scope }) => scope));
  aws.getMetricData = async (input) => answerTo(input, "InternalError");
  clock.advance(minute);
  await collect({ regions });
  assert.deepEqual([...owing()].sort(), regions.toSorted());
  await collect({ regions: ["us-east-1"] });
  assert.deepEqual([...owing()], ["us-east-1"]);
  assert.equal(positionOf("eu-west-1")?.metrics, 0);
  assert.equal(positionOf("us-east-1")?.metrics, 3);
});

test("a listing is used for a quarter of an hour, and a failing one is replaced by the last", async () => {
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

test("when there is no more money nothing is asked for, and the time is owed as capped", async () => {
  await collect();
  clock.advance(6 * hour);
  let refusal: string | undefined = "The monthly cap is reached.";
  const spending = { refusal: () => refusal, add: () => {} };
  aws.asked = [];
  await collect({}, { spending });
  assert.equal(aws.asked.length, 0);
  assert.equal(positionOf("us-east-1")?.trouble?.reason, "capped");
  refusal = undefined;
  aws.getMetricData = async (input) => {
    if ((input.StartTime?.getTime() ?? 0) < start) refusal = "The monthly cap is reached.";
    return answerTo(input);
  };
  const owed: string[] = [];
  const record = books.record;
  books.record = async (scope, entry) => {
    owed.push(...(entry.owe ?? []).map(({ reason }) => reason));
    return record(scope, entry);
  };
  await collect({}, { spending });
  assert.ok(owed.includes("capped"));
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

test("pages that were answered are paid for when the next one is refused, and none is asked for beyond the cap", async () => {
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
    [[{ InstanceId: "i-1" }, { Name: "web", [hostNameTag]: "web" }]],
  );
});

test("an instance is named by the tags of the settings, and then they need no filter of point tags", async () => {
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
  assert.equal(positionOf("us-east-1/s3-storage")?.storedTo, start);
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

test("the calls of a run are spread over the minutes that the settings give them", async () => {
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
