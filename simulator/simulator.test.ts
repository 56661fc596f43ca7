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
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeInstancesCommand, DescribeRegionsCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  GetResourcesCommand,
  ResourceGroupsTaggingAPIClient,
} from "@aws-sdk/client-resource-groups-tagging-api";
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
} from "@aws-sdk/client-sts";
import { type SimulatedAws, simulateAws } from "../test/support/simulated-aws.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

function assume(
  aws: SimulatedAws,
  input: Partial<AssumeRoleCommandInput> = {},
  client = new STSClient(aws.config()),
) {
  const { externalIds, roleArn } = aws.simulator.seeded;
  return client.send(
    new AssumeRoleCommand({
      RoleArn: roleArn,
      RoleSessionName: "test",
      ExternalId: externalIds[0],
      ...input,
    }),
  );
}

const denied = {
  name: "AccessDenied",
  message: /is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::/,
};

describe("assuming a role", () => {
  test("with the right external ID gives a session of the role", async () => {
    const aws = simulateAws();
    const credentials = await aws.assume();
    const { Arn, Account } = await new STSClient(aws.config({ credentials })).send(
      new GetCallerIdentityCommand({}),
    );
    assert.equal(Arn, "arn:aws:sts::222222222222:assumed-role/NephoscopeRead/test");
    assert.equal(Account, "222222222222");
  });

  test("with a wrong, a missing or a revoked external ID, or of a role that does not exist, gets one and the same refusal", async () => {
    const aws = simulateAws();
    await assert.rejects(assume(aws, { ExternalId: "wrong" }), denied);
    await assert.rejects(assume(aws, { ExternalId: undefined }), denied);
    await assert.rejects(assume(aws, { RoleArn: "arn:aws:iam::222222222222:role/Nobody" }), denied);
    aws.simulator.accounts.setExternalIds(aws.simulator.seeded.roleArn, ["new-one"]);
    await assert.rejects(assume(aws), denied);
    await assume(aws, { ExternalId: "new-one" });
  });

  test("of the open role works with any external ID and with none", async () => {
    const aws = simulateAws();
    const RoleArn = aws.simulator.seeded.openRoleArn;
    await assume(aws, { RoleArn, ExternalId: undefined });
    await assume(aws, { RoleArn, ExternalId: "whatever" });
  });

  test("fails when trust is revoked or the caller may not; a session that exists lives on", async () => {
    const aws = simulateAws();
    const { accounts, seeded } = aws.simulator;
    const credentials = await aws.assume();
    accounts.revokeTrust(seeded.roleArn);
    await assert.rejects(assume(aws), denied);
    await new STSClient(aws.config({ credentials })).send(new GetCallerIdentityCommand({}));
    accounts.setTrustedPrincipals(seeded.roleArn, [seeded.userArn]);
    await assume(aws);
    accounts.deny(seeded.userArn, "sts:AssumeRole");
    await assert.rejects(assume(aws), denied);
  });

  test("by a session is chaining: one hour at most", async () => {
    const aws = simulateAws();
    const { accounts, seeded } = aws.simulator;
    const target = accounts.addRole({
      accountId: seeded.productionAccountId,
      name: "Second",
      principals: [seeded.roleArn],
      sessionSecondsMax: 43_200,
    });
    const chained = new STSClient(aws.config({ credentials: await aws.assume() }));
    await assume(aws, { RoleArn: target, DurationSeconds: 3_600 }, chained);
    await assert.rejects(assume(aws, { RoleArn: target, DurationSeconds: 3_601 }, chained), {
      name: "ValidationError",
      message: /1 hour session limit for roles assumed by role chaining/,
    });
  });

  test("checks its parameters as AWS does", async () => {
    const aws = simulateAws();
    const cases: [Partial<AssumeRoleCommandInput>, RegExp][] = [
      [
        { RoleSessionName: "a" },
        /at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2/,
      ],
      [{ RoleSessionName: "a b" }, /regular expression pattern: \[\\w\+=,\.@-\]\*/],
      [{ DurationSeconds: 899 }, /greater than or equal to 900/],
      [{ DurationSeconds: 43_201 }, /less than or equal to 43200/],
      [{ ExternalId: "x" }, /externalId/],
      [{ RoleArn: "arn:aws:iam::222222222222:root" }, /is invalid/],
      [
        { RoleArn: aws.simulator.seeded.openRoleArn, DurationSeconds: 7_200 },
        /exceeds the MaxSessionDuration/,
      ],
    ];
    for (const [input, message] of cases)
      await assert.rejects(assume(aws, input), { name: "ValidationError", message });
  });

  test("by a web identity needs no signature, but the right claims and time", async () => {
    const aws = simulateAws();
    const { webIdentity, webIdentityRoleArn } = aws.simulator.seeded;
    const exp = Math.floor(aws.clock.nowMs / 1000) + 600;
    const token = (claims: object) =>
      ["e30", Buffer.from(JSON.stringify(claims)).toString("base64url"), "sig"].join(".");
    const send = (claims: object) =>
      new STSClient(aws.config()).send(
        new AssumeRoleWithWebIdentityCommand({
          RoleArn: webIdentityRoleArn,
          RoleSessionName: "pod",
          WebIdentityToken: token(claims),
        }),
      );
    const good = { sub: webIdentity.subject, aud: webIdentity.audience, exp };
    const { AssumedRoleUser } = await send(good);
    assert.match(AssumedRoleUser?.Arn ?? "", /assumed-role\/NephoscopeWebIdentity\/pod$/);
    await assert.rejects(send({ ...good, sub: "else" }), { name: "AccessDenied" });
    await assert.rejects(send({ ...good, aud: "else" }), { name: "InvalidIdentityTokenException" });
    await assert.rejects(send({ ...good, exp: exp - 3_600 }), { name: "ExpiredTokenException" });
    await assert.rejects(send({}), { name: "InvalidIdentityTokenException" });
  });
});

describe("keys, sessions and clocks", () => {
  const identify = (config: ReturnType<SimulatedAws["config"]>) =>
    new STSClient(config).send(new GetCallerIdentityCommand({}));

  test("an inactive key is unknown", async () => {
    const aws = simulateAws();
    aws.simulator.accounts.deactivateKey(aws.simulator.seeded.accessKeyId);
    await assert.rejects(identify(aws.config()), { name: "InvalidClientTokenId" });
  });

  test("a session ends when it should, sooner if told to", async () => {
    const aws = simulateAws();
    aws.simulator.sessionSecondsMax = 60;
    const credentials = await aws.assume();
    await identify(aws.config({ credentials }));
    aws.clock.nowMs += 61_000;
    await assert.rejects(identify(aws.config({ credentials })), { name: "ExpiredToken" });
  });

  test("a simulated clock that is twenty minutes off refuses signatures", async () => {
    const aws = simulateAws();
    aws.simulator.clockOffsetMs = 20 * 60_000;
    await assert.rejects(identify(aws.config()), {
      name: "SignatureDoesNotMatch",
      message: /^Signature expired/,
    });
  });

  test("keys do not work in a region that is not opted into, and no region can be made up", async () => {
    const aws = simulateAws();
    await assert.rejects(identify(aws.config({ region: "ap-east-1" })), { name: "InvalidClientTokenId" });
    await assert.rejects(identify(aws.config({ region: "xx-nowhere-9" })), { name: "SignatureDoesNotMatch" });
  });
});

describe("permissions", () => {
  test("a denied action is refused in the service's own way, and allowed again afterwards", async () => {
    const aws = simulateAws();
    const { accounts, seeded } = aws.simulator;
    const credentials = await aws.assume();
    for (const action of ["cloudwatch:ListMetrics", "logs:*", "ec2:DescribeInstances"])
      accounts.deny(seeded.roleArn, action);
    const cloudwatch = new CloudWatchClient(aws.config({ credentials }));
    await assert.rejects(cloudwatch.send(new ListMetricsCommand({})), {
      name: "AccessDenied",
      message:
        "User: arn:aws:sts::222222222222:assumed-role/NephoscopeRead/test is not authorized to perform: cloudwatch:ListMetrics with an explicit deny in an identity-based policy",
    });
    await assert.rejects(
      new CloudWatchLogsClient(aws.config({ credentials })).send(new DescribeLogGroupsCommand({})),
      {
        name: "AccessDeniedException",
      },
    );
    await assert.rejects(
      new EC2Client(aws.config({ credentials })).send(new DescribeInstancesCommand({ DryRun: true })),
      {
        name: "UnauthorizedOperation",
      },
    );
    accounts.undeny(seeded.roleArn, "cloudwatch:ListMetrics");
    await cloudwatch.send(new ListMetricsCommand({}));
  });

  test("what no policy allows is refused with that reason", async () => {
    const aws = simulateAws();
    const { accounts } = aws.simulator;
    const user = accounts.addUser({ accountId: "111111111111", name: "narrow", allow: ["cloudwatch:Get*"] });
    const cloudwatch = new CloudWatchClient(aws.config({ credentials: accounts.addAccessKey(user) }));
    await assert.rejects(cloudwatch.send(new ListMetricsCommand({})), {
      message: /because no identity-based policy allows the cloudwatch:ListMetrics action$/,
    });
  });
});

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

describe("other services", () => {
  test("a dry run tells that it would have worked", async () => {
    const aws = simulateAws();
    await assert.rejects(new EC2Client(aws.config()).send(new DescribeInstancesCommand({ DryRun: true })), {
      name: "DryRunOperation",
    });
  });

  test("regions carry their opt-in status", async () => {
    const client = new EC2Client(simulateAws().config());
    const names = async (AllRegions: boolean) =>
      (await client.send(new DescribeRegionsCommand({ AllRegions }))).Regions?.map(
        ({ RegionName }) => RegionName,
      ) ?? [];
    assert.ok((await names(true)).includes("ap-east-1"));
    assert.ok(!(await names(false)).includes("ap-east-1"));
  });

  test("tagged resources come in pages and by type", async () => {
    const aws = simulateAws();
    const client = new ResourceGroupsTaggingAPIClient(aws.config({ credentials: await aws.assume() }));
    const arns: (string | undefined)[] = [];
    let PaginationToken: string | undefined;
    do {
      const page = await client.send(
        new GetResourcesCommand({
          ResourcesPerPage: 5,
          ResourceTypeFilters: ["ec2:instance"],
          PaginationToken,
        }),
      );
      arns.push(...(page.ResourceTagMappingList ?? []).map(({ ResourceARN }) => ResourceARN));
      PaginationToken = page.PaginationToken || undefined;
    } while (PaginationToken);
    assert.equal(arns.length, 17);
    assert.ok(arns.every((arn) => arn?.startsWith("arn:aws:ec2:us-east-1:222222222222:instance/i-")));
  });
});

describe("faults", () => {
  const call = async (aws: SimulatedAws) =>
    new CloudWatchClient(aws.config()).send(new ListMetricsCommand({}));

  test("hit the named operation, the given number of times", async () => {
    const aws = simulateAws();
    aws.simulator.faults.add({ service: "monitoring", operation: "ListMetrics", kind: "throttle", times: 2 });
    await new STSClient(aws.config()).send(new GetCallerIdentityCommand({}));
    for (let i = 0; i < 2; i++) await assert.rejects(call(aws), { name: "Throttling" });
    await call(aws);
    assert.equal(aws.simulator.calls.count("monitoring", "ListMetrics"), 3);
  });

  test("each kind shows as what it imitates", async () => {
    const aws = simulateAws();
    const { faults } = aws.simulator;
    for (const [kind, expected] of [
      ["error500", { name: "InternalFailure", $fault: "server" }],
      ["error503", { name: "ServiceUnavailable" }],
      ["expired-token", { name: "ExpiredToken" }],
      ["access-denied", { name: "AccessDenied", message: /because no identity-based policy allows/ }],
      ["html", { name: "SyntaxError" }],
      ["reset", { message: "No answer: reset" }],
    ] as const) {
      faults.clear();
      faults.add({ kind });
      await assert.rejects(call(aws), expected, kind);
    }
    faults.clear();
    await call(aws);
  });

  test("a slow answer takes its time", async () => {
    const aws = simulateAws();
    const before = aws.clock.nowMs;
    aws.simulator.faults.add({ kind: "slow", delayMs: 2_500 });
    await call(aws);
    assert.equal(aws.clock.nowMs, before + 2_500);
  });

  test("partial data says so and leaves points out", async () => {
    const aws = simulateAws();
    const client = new CloudWatchClient(aws.config({ credentials: await aws.assume() }));
    const get = () =>
      client.send(
        new GetMetricDataCommand({
          StartTime: new Date(aws.clock.nowMs - hourMs),
          EndTime: new Date(aws.clock.nowMs),
          MetricDataQueries: [
            {
              Id: "a",
              MetricStat: {
                Metric: {
                  Namespace: "AWS/RDS",
                  MetricName: "CPUUtilization",
                  Dimensions: [{ Name: "DBInstanceIdentifier", Value: "orders-db" }],
                },
                Period: 60,
                Stat: "Average",
              },
            },
          ],
        }),
      );
    const whole = (await get()).MetricDataResults?.[0]?.Values ?? [];
    aws.simulator.faults.add({ kind: "partial-data", operation: "GetMetricData" });
    const { MetricDataResults, Messages } = await get();
    assert.equal(MetricDataResults?.[0]?.StatusCode, "PartialData");
    assert.deepEqual(MetricDataResults[0].Values, whole.slice(0, Math.ceil(whole.length / 2)));
    assert.equal(Messages?.length, 1);
  });
});
