import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  type Metric,
  type MetricDataResult,
  paginateListMetrics,
} from "@aws-sdk/client-cloudwatch";
import { type SimulatedAws, simulateAws } from "../../test/support/simulated-aws.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

describe("ListMetrics", () => {
  async function list(aws: SimulatedAws, input: object): Promise<{ metrics: Metric[]; pages: number[] }> {
    const client = new CloudWatchClient(aws.config({ credentials: await aws.assume() }));
    const metrics: Metric[] = [];
    const pages: number[] = [];
    for await (const page of paginateListMetrics({ client }, input)) {
      metrics.push(...(page.Metrics ?? []));
      pages.push(page.Metrics?.length ?? 0);
    }
    return { metrics, pages };
  }

  test("pages hold 500, together every metric once", async () => {
    const { metrics, pages } = await list(simulateAws({ metricsPerAccount: 2_400 }), {});
    assert.deepEqual(pages, [500, 500, 200]);
    assert.equal(new Set(metrics.map((metric) => JSON.stringify(metric))).size, 1_200);
  });

  test("filters by namespace, name and dimension, with and without value", async () => {
    const aws = simulateAws();
    const { metrics } = await list(aws, {
      Namespace: "AWS/RDS",
      MetricName: "CPUUtilization",
      Dimensions: [{ Name: "DBInstanceIdentifier", Value: "orders-db" }],
    });
    assert.equal(metrics.length, 1);
    const zoned = await list(aws, { Dimensions: [{ Name: "AvailabilityZone" }] });
    assert.ok(
      zoned.metrics.length > 0 && zoned.metrics.every(({ Namespace }) => Namespace === "AWS/ApplicationELB"),
    );
  });

  test("RecentlyActive leaves out the terminated instance and the daily metrics", async () => {
    const aws = simulateAws();
    const [all, recent] = [await list(aws, {}), await list(aws, { RecentlyActive: "PT3H" })];
    const namespaces = (metrics: Metric[]) => new Set(metrics.map(({ Namespace }) => Namespace));
    assert.ok(recent.metrics.length < all.metrics.length);
    assert.ok(namespaces(all.metrics).has("AWS/S3") && !namespaces(recent.metrics).has("AWS/S3"));
  });

  test("a host that is born is listed up to 15 minutes after its first point, and for two weeks after its last", async () => {
    const minuteMs = 60_000;
    const turnover = { bornEveryMs: 20 * dayMs, livesMs: 2 * hourMs };
    const bornMs = Math.ceil(Date.UTC(2026, 10, 20) / turnover.bornEveryMs) * turnover.bornEveryMs;
    const aws = simulateAws({ turnover, nowMs: bornMs - hourMs });
    const listedAt = async (atMs: number) => {
      aws.clock.nowMs = atMs;
      return (await list(aws, { Namespace: "MyApp/Workers" })).metrics.length;
    };
    assert.equal(await listedAt(bornMs), 0);
    const counts: number[] = [];
    for (let minute = 1; minute <= 17; minute++) counts.push(await listedAt(bornMs + minute * minuteMs));
    assert.equal(counts[0], 0);
    assert.equal(counts.at(-1), 3);
    assert.ok(new Set(counts).size > 2, String(counts));
    const diedMs = bornMs + turnover.livesMs;
    assert.equal(await listedAt(diedMs + 14 * dayMs - 2 * minuteMs), 3);
    assert.equal(await listedAt(diedMs + 14 * dayMs), 0);
  });

  test("the delay of listing can be set, and births between two pages shift nothing", async () => {
    const turnover = { bornEveryMs: hourMs, livesMs: 3 * hourMs };
    const aws = simulateAws({ turnover, listingDelayMs: 0, nowMs: Date.UTC(2026, 10, 20, 12, 58) });
    assert.equal(
      (await list(aws, { Namespace: "MyApp/Workers", RecentlyActive: "PT3H" })).metrics.length,
      18,
    );
    const client = new CloudWatchClient(aws.config({ credentials: await aws.assume() }));
    const first = await client.send(new ListMetricsCommand({}));
    aws.clock.nowMs += hourMs / 15;
    const second = await client.send(new ListMetricsCommand({ NextToken: first.NextToken }));
    const keys = [...(first.Metrics ?? []), ...(second.Metrics ?? [])].map((metric) =>
      JSON.stringify(metric),
    );
    assert.equal(new Set(keys).size, keys.length);
  });

  test("a token of another question is refused", async () => {
    const aws = simulateAws({ metricsPerAccount: 2_400 });
    const client = new CloudWatchClient(aws.config({ credentials: await aws.assume() }));
    const { NextToken } = await client.send(new ListMetricsCommand({}));
    await assert.rejects(client.send(new ListMetricsCommand({ NextToken, Namespace: "AWS/EC2" })), {
      name: "InvalidParameterValueException",
    });
  });
});

describe("GetMetricData", () => {
  const orders = {
    Namespace: "MyApp",
    MetricName: "Orders",
    Dimensions: [
      { Name: "Region", Value: "us-east-1" },
      { Name: "Service", Value: "checkout" },
    ],
  };
  const query = (Id: string, Period = 60, Stat = "Sum") => ({
    Id,
    MetricStat: { Metric: orders, Period, Stat },
  });

  async function open(aws: SimulatedAws) {
    const client = new CloudWatchClient(aws.config({ credentials: await aws.assume() }));
    const range = { StartTime: new Date(aws.clock.nowMs - hourMs), EndTime: new Date(aws.clock.nowMs) };
    return (input: Partial<GetMetricDataCommandInput>) =>
      client.send(new GetMetricDataCommand({ MetricDataQueries: [query("a")], ...range, ...input }));
  }
  const times = (result: MetricDataResult | undefined) =>
    (result?.Timestamps ?? []).map((time) => time.getTime());

  test("start is inclusive, end exclusive, newest first unless asked otherwise", async () => {
    const aws = simulateAws();
    const get = await open(aws);
    const startMs = aws.clock.nowMs - hourMs;
    const range = { StartTime: new Date(startMs), EndTime: new Date(startMs + 3 * 60_000) };
    const { MetricDataResults: down } = await get(range);
    assert.deepEqual(
      times(down?.[0]),
      [2, 1, 0].map((minute) => startMs + minute * 60_000),
    );
    const { MetricDataResults: up } = await get({ ...range, ScanBy: "TimestampAscending" });
    assert.deepEqual(times(up?.[0]), times(down?.[0]).reverse());
    assert.deepEqual(up?.[0]?.Values, down?.[0]?.Values?.slice().reverse());
  });

  test("timestamps are multiples of the period, whatever the start", async () => {
    const aws = simulateAws();
    const get = await open(aws);
    const { MetricDataResults } = await get({
      StartTime: new Date(aws.clock.nowMs - hourMs + 123_456),
      MetricDataQueries: [query("a", 300)],
    });
    assert.ok(times(MetricDataResults?.[0]).length > 0);
    assert.ok(times(MetricDataResults?.[0]).every((time) => time % 300_000 === 0));
  });

  test("the newest minutes are not published yet", async () => {
    const aws = simulateAws();
    const get = await open(aws);
    const newest = Math.max(...times((await get({})).MetricDataResults?.[0]));
    assert.equal(newest, aws.clock.nowMs - 2 * 60_000);
  });

  test("pages by MaxDatapoints give exactly what one page gives; unfinished ones say PartialData", async () => {
    const aws = simulateAws();
    const get = await open(aws);
    const MetricDataQueries = [query("a"), query("b", 60, "p50"), query("c", 300, "Average")];
    const whole = await get({ MetricDataQueries });
    const collected = new Map<string, number[]>();
    let token: string | undefined;
    let pages = 0;
    do {
      const page = await get({
        MetricDataQueries,
        MaxDatapoints: 25,
        ...(token ? { NextToken: token } : {}),
      });
      const points = (page.MetricDataResults ?? []).flatMap(({ Values = [] }) => Values).length;
      assert.ok(points <= 25);
      for (const { Id = "", Values = [], StatusCode } of page.MetricDataResults ?? []) {
        collected.set(Id, [...(collected.get(Id) ?? []), ...Values]);
        const total = whole.MetricDataResults?.find((result) => result.Id === Id)?.Values?.length;
        assert.equal(StatusCode, collected.get(Id)?.length === total ? "Complete" : "PartialData");
      }
      token = page.NextToken;
      pages++;
    } while (token);
    assert.ok(pages > 4);
    for (const { Id = "", Values } of whole.MetricDataResults ?? [])
      assert.deepEqual(collected.get(Id), Values);
    assert.equal(aws.simulator.calls.metricsRequested, 3 * (pages + 1));
  });

  test("old points are only kept coarse: 1 minute for 15 days, 5 minutes for 63, an hour for 455", async () => {
    const aws = simulateAws();
    const get = await open(aws);
    const count = async (daysAgo: number, period: number) => {
      const StartTime = new Date(aws.clock.nowMs - daysAgo * dayMs);
      const EndTime = new Date(StartTime.getTime() + 2 * hourMs);
      const answer = await get({ StartTime, EndTime, MetricDataQueries: [query("a", period)] });
      return answer.MetricDataResults?.[0]?.Values?.length;
    };
    assert.deepEqual(await Promise.all([count(14, 60), count(16, 60), count(16, 300)]), [120, 0, 24]);
    assert.deepEqual(await Promise.all([count(64, 300), count(64, 3_600), count(460, 3_600)]), [0, 2, 0]);
  });

  test("unknown metrics and other units are empty and Complete", async () => {
    const get = await open(simulateAws());
    const unknown = { ...orders, MetricName: "Nothing" };
    const { MetricDataResults } = await get({
      MetricDataQueries: [
        { Id: "a", MetricStat: { Metric: unknown, Period: 60, Stat: "Sum" } },
        { Id: "b", MetricStat: { Metric: orders, Period: 60, Stat: "Sum", Unit: "Bytes" } },
      ],
    });
    assert.deepEqual(
      MetricDataResults?.map(({ Values, StatusCode }) => [Values, StatusCode]),
      [
        [[], "Complete"],
        [[], "Complete"],
      ],
    );
  });

  test("what AWS refuses is refused", async () => {
    const aws = simulateAws();
    const get = await open(aws);
    const now = new Date(aws.clock.nowMs);
    const cases: [Partial<GetMetricDataCommandInput>, RegExp][] = [
      [{ MetricDataQueries: Array.from({ length: 501 }, (_, n) => query(`q${n}`)) }, /size greater than 500/],
      [{ MetricDataQueries: [] }, /MetricDataQueries/],
      [{ MetricDataQueries: [query("a"), query("a")] }, /not unique/],
      [{ MetricDataQueries: [query("A")] }, /Id is not valid/],
      [{ MetricDataQueries: [query("a", 90)] }, /multiple of 60/],
      [{ MetricDataQueries: [query("a", 60, "p200")] }, /not a valid statistic/],
      [{ MetricDataQueries: [{ Id: "a" }] }, /Exactly one of/],
      [{ StartTime: now, EndTime: now }, /StartTime must be less than/],
      [{ MaxDatapoints: 100_801 }, /MaxDatapoints/],
    ];
    for (const [input, message] of cases)
      await assert.rejects(get(input), { name: "ValidationException", message });
    assert.equal(aws.simulator.calls.metricsRequested, 0);
  });

  test("GetMetricStatistics gives the same values, and no more than 1,440 of them", async () => {
    const aws = simulateAws();
    const get = await open(aws);
    const client = new CloudWatchClient(aws.config({ credentials: await aws.assume() }));
    const statistics = (hours: number) =>
      client.send(
        new GetMetricStatisticsCommand({
          ...orders,
          Period: 60,
          StartTime: new Date(aws.clock.nowMs - hours * hourMs),
          EndTime: new Date(aws.clock.nowMs),
          Statistics: ["Sum"],
        }),
      );
    const { Datapoints } = await statistics(1);
    const { MetricDataResults } = await get({ ScanBy: "TimestampAscending" });
    assert.deepEqual(
      Datapoints?.map(({ Sum }) => Sum),
      MetricDataResults?.[0]?.Values,
    );
    await assert.rejects(statistics(25), { name: "InvalidParameterCombinationException", message: /1,440/ });
  });
});
