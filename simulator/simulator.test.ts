import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CloudWatchClient, GetMetricDataCommand, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeInstancesCommand, DescribeRegionsCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  GetResourcesCommand,
  ResourceGroupsTaggingAPIClient,
} from "@aws-sdk/client-resource-groups-tagging-api";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { type SimulatedAws, simulateAws } from "../test/support/simulated-aws.ts";

const hourMs = 3_600_000;

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
