import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  CloudWatchClient,
  GetMetricDataCommand,
  InvalidParameterValueException,
} from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { HeadBucketCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { AwsJson1_0Protocol, AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from "@aws-sdk/core/protocols";
import { answerInProcess } from "../../test/support/sdk-in-process.ts";
import {
  defaultWireLimits,
  loadServiceModel,
  ProtocolError,
  readRequest,
  type ServiceName,
  selectDialect,
  type WireRequest,
} from "./index.ts";

/**
 * The SDK's clients on one side, our reader and writer on the other: what one writes, the other must read,
 * in every dialect. `answer` gives the output or throws a ProtocolError.
 */
function serve(service: ServiceName, answer: (operation: string, input: Record<string, unknown>) => object) {
  return answerInProcess(async (request: WireRequest) => {
    const model = await loadServiceModel(service);
    const dialect = selectDialect(model, request);
    try {
      const { operation, input } = readRequest(model, request, defaultWireLimits);
      const output = answer(operation.name, input) as Record<string, unknown>;
      return dialect.writeResult(model, operation, output, "request-1");
    } catch (error) {
      if (error instanceof ProtocolError) return dialect.writeError(model, error, "request-1");
      throw error;
    }
  });
}

const common = {
  region: "us-east-1",
  endpoint: "http://aws.test",
  maxAttempts: 1,
  credentials: { accessKeyId: "AKIDEXAMPLEEXAMPLE00", secretAccessKey: "secret" },
};

describe("CloudWatch in each of its three dialects", () => {
  const input = {
    StartTime: new Date("2026-11-20T00:00:00Z"),
    EndTime: new Date("2026-11-20T01:00:00Z"),
    ScanBy: "TimestampAscending" as const,
    MaxDatapoints: 100,
    MetricDataQueries: [
      {
        Id: "a",
        ReturnData: true,
        MetricStat: {
          Metric: {
            Namespace: "AWS/EC2",
            MetricName: "CPU & more <ü>",
            Dimensions: [
              { Name: "InstanceId", Value: "i-1" },
              { Name: "Zone", Value: "a+b = c%20" },
            ],
          },
          Period: 60,
          Stat: "p99.9",
        },
      },
    ],
  };
  const output = {
    MetricDataResults: [
      {
        Id: "a",
        Label: 'Label "with" <marks> & ümlaut',
        Timestamps: [new Date("2026-11-20T00:00:00Z"), new Date("2026-11-20T00:01:00.500Z")],
        Values: [1.5, 1e-9],
        StatusCode: "Complete" as const,
      },
    ],
    NextToken: "next",
    Messages: [],
  };
  for (const [name, protocol] of [
    ["JSON", AwsJson1_0Protocol],
    ["CBOR", AwsSmithyRpcV2CborProtocol],
    ["query", AwsQueryProtocol],
  ] as const) {
    test(`${name}: a request and its result survive the wire`, async () => {
      let seen: unknown;
      const client = new CloudWatchClient({
        ...common,
        protocol,
        requestHandler: serve("monitoring", (_operation, received) => {
          seen = received;
          return output;
        }),
      });
      const { $metadata, ...received } = await client.send(new GetMetricDataCommand(input));
      assert.deepEqual(seen, input);
      assert.deepEqual(received, output);
      assert.equal($metadata.requestId, "request-1");
    });

    test(`${name}: a modelled error arrives as its class, with code, message and fault`, async () => {
      const client = new CloudWatchClient({
        ...common,
        protocol,
        requestHandler: serve("monitoring", () => {
          throw new ProtocolError("InvalidParameterValue", "Bad <value> & more");
        }),
      });
      await assert.rejects(client.send(new GetMetricDataCommand(input)), (error) => {
        assert.ok(error instanceof InvalidParameterValueException);
        assert.equal(error.message, "Bad <value> & more");
        assert.equal(error.$fault, "client");
        assert.equal(error.$metadata.httpStatusCode, 400);
        return true;
      });
    });
  }
});

test("EC2: flattened lists, its own names and its own error document", async () => {
  let seen: unknown;
  const client = new EC2Client({
    ...common,
    requestHandler: serve("ec2", (_operation, received) => {
      seen = received;
      if (received.DryRun)
        throw new ProtocolError("DryRunOperation", "Would have succeeded.", { status: 412 });
      return {
        Reservations: [
          {
            ReservationId: "r-1",
            Instances: [{ InstanceId: "i-1", State: { Code: 16, Name: "running" }, Tags: [] }],
          },
        ],
      };
    }),
  });
  const input = {
    InstanceIds: ["i-1", "i-2"],
    Filters: [{ Name: "tag:Name", Values: ["a", "b"] }],
    MaxResults: 5,
  };
  const { Reservations } = await client.send(new DescribeInstancesCommand(input));
  assert.deepEqual(seen, input);
  assert.equal(Reservations?.[0]?.Instances?.[0]?.State?.Name, "running");
  await assert.rejects(client.send(new DescribeInstancesCommand({ DryRun: true })), {
    name: "DryRunOperation",
    message: "Would have succeeded.",
  });
});

test("IAM: a result with a date, and an error the model does not know", async () => {
  const CreateDate = new Date("2026-01-02T03:04:05Z");
  const client = new IAMClient({
    ...common,
    requestHandler: serve("iam", (_operation, { UserName, Tags }) => {
      if (UserName === "nobody")
        throw new ProtocolError("SomethingNew", "Not in the model.", { status: 409 });
      return { User: { Path: "/", UserName, UserId: "AIDA", Arn: "arn", CreateDate, Tags } };
    }),
  });
  const Tags = [{ Key: "a", Value: "" }];
  const { User } = await client.send(new CreateUserCommand({ UserName: "alice", Tags }));
  assert.deepEqual(User, { Path: "/", UserName: "alice", UserId: "AIDA", Arn: "arn", CreateDate, Tags });
  await assert.rejects(client.send(new CreateUserCommand({ UserName: "nobody" })), { name: "SomethingNew" });
});

test("Logs: JSON 1.1", async () => {
  const client = new CloudWatchLogsClient({
    ...common,
    requestHandler: serve("logs", (_operation, { logGroupNamePrefix }) => ({
      logGroups: [{ logGroupName: `${logGroupNamePrefix}x`, storedBytes: 12 }],
    })),
  });
  const { logGroups } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "/app/" }));
  assert.deepEqual(logGroups, [{ logGroupName: "/app/x", storedBytes: 12 }]);
});

test("S3: operations are found by method, path and query; headers carry members", async () => {
  const operations: string[] = [];
  const client = new S3Client({
    ...common,
    forcePathStyle: true,
    requestHandler: serve("s3", (operation, { Bucket }) => {
      operations.push(operation);
      return operation === "HeadBucket"
        ? { BucketRegion: `region of ${String(Bucket)}` }
        : { Buckets: [{ Name: "b & c" }], Owner: { ID: "o" } };
    }),
  });
  const { Buckets } = await client.send(new ListBucketsCommand({}));
  const { BucketRegion } = await client.send(new HeadBucketCommand({ Bucket: "my-bucket" }));
  assert.deepEqual(Buckets, [{ Name: "b & c" }]);
  assert.equal(BucketRegion, "region of my-bucket");
  assert.deepEqual(operations, ["ListBuckets", "HeadBucket"]);
});
