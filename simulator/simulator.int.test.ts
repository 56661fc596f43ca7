import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { CloudWatchClient, GetMetricDataCommand, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeRegionsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { AwsQueryProtocol } from "@aws-sdk/core/protocols";
import { type Moto, skipWithoutMoto, startMoto } from "../test/support/moto.ts";
import { type RunningSimulator, startSimulator } from "./index.ts";

const run = promisify(execFile);

/** Reason to skip, or false when the program can be run. */
async function missing(program: string, ...args: string[]): Promise<string | false> {
  try {
    await run(program, args, { timeout: 20_000 });
    return false;
  } catch {
    return `${program} is not on the PATH`;
  }
}

const withoutAws = await missing("aws", "--version");

describe("over a real socket", () => {
  let aws: RunningSimulator;
  const config = (maxAttempts = 1) => ({
    endpoint: aws.url,
    region: "us-east-1",
    maxAttempts,
    credentials: { accessKeyId: aws.seeded.accessKeyId, secretAccessKey: aws.seeded.secretAccessKey },
  });
  before(async () => {
    aws = await startSimulator({});
  });
  after(() => aws.close());

  test("a client with its defaults is served", async () => {
    const { Arn } = await new STSClient(config()).send(new GetCallerIdentityCommand({}));
    assert.equal(Arn, aws.seeded.userArn);
  });

  test("the Date header shows the simulated clock", async () => {
    aws.simulator.clockOffsetMs = -3_600_000;
    const response = await fetch(aws.url, { method: "POST" });
    aws.simulator.clockOffsetMs = 0;
    const offsetMs = Date.parse(response.headers.get("date") ?? "") - Date.now();
    assert.ok(Math.abs(offsetMs + 3_600_000) < 5_000, String(offsetMs));
    assert.equal(response.status, 403);
    assert.match(await response.text(), /<Code>MissingAuthenticationToken<\/Code>/);
  });

  test("a client retries through throttling and a reset connection", async () => {
    aws.simulator.faults.add({ kind: "throttle", times: 1 });
    aws.simulator.faults.add({ kind: "reset", times: 1 });
    await new STSClient(config(3)).send(new GetCallerIdentityCommand({}));
  });

  test("a hanging answer lasts until the caller gives up, and does not keep the simulator from closing", async () => {
    const other = await startSimulator({});
    other.simulator.faults.add({ kind: "hang" });
    const signal = AbortSignal.timeout(100);
    await assert.rejects(fetch(other.url, { method: "POST", signal }), { name: "TimeoutError" });
    const hanging = fetch(other.url, { method: "POST" });
    hanging.catch(() => {});
    await other.close();
    await assert.rejects(hanging);
  });

  test("a body of two megabytes is refused, not stored", async () => {
    const response = await fetch(aws.url, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "a".repeat(2 * 1_048_576),
    });
    // Nobody signed it, and that is said first.
    assert.equal(response.status, 403);
  });
});

describe("the AWS CLI", { skip: withoutAws }, () => {
  let aws: RunningSimulator;
  before(async () => {
    aws = await startSimulator({});
  });
  after(() => aws.close());

  const cli = async (args: string[], environment: Record<string, string> = {}) => {
    const { stdout } = await run("aws", [...args, "--output", "json"], {
      timeout: 60_000,
      env: {
        PATH: process.env.PATH,
        HOME: "/nonexistent",
        AWS_ENDPOINT_URL: aws.url,
        AWS_DEFAULT_REGION: "us-east-1",
        AWS_MAX_ATTEMPTS: "1",
        AWS_ACCESS_KEY_ID: aws.seeded.accessKeyId,
        AWS_SECRET_ACCESS_KEY: aws.seeded.secretAccessKey,
        ...environment,
      },
    });
    return JSON.parse(stdout) as Record<string, unknown>;
  };

  test("assumes the role and reads with its session what each probe of a connection test reads", async () => {
    const role = ["--role-arn", aws.seeded.roleArn, "--role-session-name", "cli"];
    await assert.rejects(cli(["sts", "assume-role", ...role]), /AccessDenied/);
    const { Credentials } = (await cli([
      "sts",
      "assume-role",
      ...role,
      "--external-id",
      aws.seeded.externalIds[0] ?? "",
    ])) as { Credentials: Record<string, string> };
    const session = {
      AWS_ACCESS_KEY_ID: Credentials.AccessKeyId ?? "",
      AWS_SECRET_ACCESS_KEY: Credentials.SecretAccessKey ?? "",
      AWS_SESSION_TOKEN: Credentials.SessionToken ?? "",
    };
    const start = new Date(Date.now() - 900_000).toISOString();
    const end = new Date().toISOString();
    const metric =
      '{"Namespace":"AWS/RDS","MetricName":"CPUUtilization","Dimensions":[{"Name":"DBInstanceIdentifier","Value":"orders-db"}]}';
    const queries = `[{"Id":"a","MetricStat":{"Metric":${metric},"Period":60,"Stat":"p90"}}]`;
    const answers = await Promise.all([
      cli(["cloudwatch", "list-metrics", "--namespace", "AWS/RDS"], session),
      cli(
        [
          "cloudwatch",
          "get-metric-data",
          "--start-time",
          start,
          "--end-time",
          end,
          "--metric-data-queries",
          queries,
        ],
        session,
      ),
      cli(["logs", "describe-log-groups", "--limit", "1"], session),
      cli(["ec2", "describe-volumes"], session),
      cli(
        ["resourcegroupstaggingapi", "get-resources", "--resources-per-page", "1", "--no-paginate"],
        session,
      ),
      cli(["s3api", "list-buckets"], session),
      cli(["cloudtrail", "lookup-events", "--max-results", "1"], session),
      cli(["iam", "list-account-aliases"], session),
    ]);
    const first = answers.map(
      (answer) => Object.values(answer).find((value) => Array.isArray(value)) as unknown[] | undefined,
    );
    assert.ok(
      first.every((list) => (list?.length ?? 0) > 0),
      JSON.stringify(first.map((list) => list?.length)),
    );
    assert.deepEqual(answers[7], { AccountAliases: ["acme-production"] });
  });
});

test("runs by itself and says in one line of JSON how to begin", async () => {
  const child = spawn(process.execPath, ["simulator/main.ts", "--external-id", "given"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
    const begin = JSON.parse(String(value)) as Record<
      "url" | "accessKeyId" | "secretAccessKey" | "roleArn",
      string
    >;
    const sts = new STSClient({ endpoint: begin.url, region: "us-east-1", credentials: begin });
    await sts.send(
      new AssumeRoleCommand({ RoleArn: begin.roleArn, RoleSessionName: "test", ExternalId: "given" }),
    );
  } finally {
    child.kill();
    await once(child, "exit");
  }
});

/** The calls that both a simulated AWS and moto must answer in the same shape. */
describe("moto and the simulator give answers of one shape", { skip: skipWithoutMoto }, () => {
  let aws: RunningSimulator;
  let moto: Moto;
  before(async () => {
    aws = await startSimulator({});
    moto = await startMoto();
  });
  after(async () => {
    await moto?.stop();
    await aws.close();
  });

  const both = async <T extends object>(send: (config: { endpoint: string }) => Promise<T>) => {
    const common = {
      region: "us-east-1",
      credentials: { accessKeyId: aws.seeded.accessKeyId, secretAccessKey: aws.seeded.secretAccessKey },
    };
    const answers = await Promise.all([aws.url, moto.url].map((endpoint) => send({ endpoint, ...common })));
    return answers.map(({ ...answer }) => {
      delete (answer as { $metadata?: unknown }).$metadata;
      return shapeOf(answer);
    });
  };

  test("GetCallerIdentity, AssumeRole", async () => {
    const [ours, theirs] = await both((config) =>
      new STSClient(config).send(new GetCallerIdentityCommand({})),
    );
    assert.deepEqual(ours, theirs);
    const { externalIds, roleArn } = aws.seeded;
    const command = new AssumeRoleCommand({
      RoleArn: roleArn,
      RoleSessionName: "test",
      ExternalId: externalIds[0],
    });
    const [session, theirSession] = await both((config) => new STSClient(config).send(command));
    const { PackedPolicySize: _, ...comparable } = theirSession as Record<string, unknown>;
    assert.deepEqual(session, comparable);
  });

  test("GetMetricData of a metric that does not exist", async () => {
    const command = new GetMetricDataCommand({
      StartTime: new Date(Date.now() - 3_600_000),
      EndTime: new Date(),
      MetricDataQueries: [
        { Id: "a", MetricStat: { Metric: { Namespace: "No", MetricName: "No" }, Period: 60, Stat: "Sum" } },
      ],
    });
    for (const protocol of [undefined, AwsQueryProtocol]) {
      const [ours, theirs] = await both((config) =>
        new CloudWatchClient({ ...config, ...(protocol ? { protocol } : {}) }).send(command),
      );
      const results = [ours, theirs].map(
        (answer) => (answer as { MetricDataResults: unknown }).MetricDataResults,
      );
      assert.deepEqual(results[0], results[1]);
    }
  });

  test("ListMetrics and DescribeRegions are lists of the same records", async () => {
    const [metrics, theirMetrics] = await both((config) =>
      new CloudWatchClient(config).send(new ListMetricsCommand({ Namespace: "No" })),
    );
    assert.deepEqual(metrics, theirMetrics);
    const [regions, theirRegions] = await both((config) =>
      new EC2Client(config).send(new DescribeRegionsCommand({})),
    );
    assert.deepEqual(regions, theirRegions);
  });
});

/** Types instead of values; a list is what its first element is. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (value instanceof Date) return "date";
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => [name, shapeOf(item)])
      .sort(([a], [b]) => String(a).localeCompare(String(b))),
  );
}
