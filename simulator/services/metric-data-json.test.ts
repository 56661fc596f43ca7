import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
} from "@aws-sdk/client-cloudwatch";
import { AwsJson1_0Protocol, AwsSmithyRpcV2CborProtocol } from "@aws-sdk/core/protocols";
import { simulateAws } from "../../test/support/simulated-aws.ts";
import { usualLatePoints } from "../signals/lateness.ts";
import { readMetricDataJson } from "./metric-data-json.ts";

const nowMs = Date.UTC(2026, 10, 20, 12);

function requestOf(body: unknown, operation = "GetMetricData") {
  return {
    method: "POST",
    path: "/",
    query: "",
    headers: { "x-amz-target": `GraniteServiceVersion20100801.${operation}` },
    body: new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body)),
  };
}

const plain = {
  StartTime: 1_763_600_000,
  EndTime: 1_763_603_600,
  MetricDataQueries: [
    {
      Id: "a",
      MetricStat: { Metric: { Namespace: "MyApp", MetricName: "Orders" }, Period: 60, Stat: "Sum" },
    },
  ],
};

describe("reading", () => {
  test("takes the plain question", () => {
    assert.deepEqual(readMetricDataJson(requestOf(plain)), {
      ...plain,
      StartTime: new Date(plain.StartTime * 1000),
      EndTime: new Date(plain.EndTime * 1000),
    });
  });

  for (const [what, body] of [
    ["no JSON", "{"],
    ["a list", [plain]],
    ["a member it does not know", { ...plain, LabelOptions: { Timezone: "+0100" } }],
    ["a missing time", { ...plain, EndTime: undefined }],
    ["a number for a text", { ...plain, MetricDataQueries: [{ ...plain.MetricDataQueries[0], Id: 1 }] }],
    ["an expression", { ...plain, MetricDataQueries: [{ Id: "a", Expression: "b * 2" }] }],
  ] as const)
    test(`leaves ${what} to the general reader`, () => {
      assert.equal(readMetricDataJson(requestOf(body)), undefined);
    });

  test("leaves other operations alone", () => {
    assert.equal(readMetricDataJson(requestOf(plain, "ListMetrics")), undefined);
  });
});

test("the answer in JSON is that of the general writer, over all pages and with spoiled results", async () => {
  const answersIn = async (protocol: typeof AwsJson1_0Protocol | typeof AwsSmithyRpcV2CborProtocol) => {
    const aws = simulateAws({ nowMs, latePoints: usualLatePoints });
    aws.simulator.faults.add({ operation: "GetMetricData", kind: "partial-data", resultRate: 0.2 });
    const client = new CloudWatchClient({
      ...aws.config({ credentials: await aws.assume() }),
      protocol: protocol as typeof AwsJson1_0Protocol,
    });
    const { metrics } = aws.simulator.world.catalogue("222222222222", "us-east-1");
    const input: GetMetricDataCommandInput = {
      StartTime: new Date(nowMs - 3 * 3_600_000),
      EndTime: new Date(nowMs),
      ScanBy: "TimestampAscending",
      MaxDatapoints: 900,
      MetricDataQueries: metrics.slice(0, 40).map(({ dimensions, name, namespace }, index) => ({
        Id: `m${index}`,
        MetricStat: {
          Metric: { Namespace: namespace, MetricName: name, Dimensions: [...dimensions] },
          Period: 60,
          Stat: index % 2 ? "Average" : "p90",
        },
      })),
    };
    const pages: unknown[] = [];
    let NextToken: string | undefined;
    do {
      const { $metadata, ...page } = await client.send(new GetMetricDataCommand({ ...input, NextToken }));
      NextToken = page.NextToken;
      pages.push({ ...page, NextToken: NextToken !== undefined });
    } while (NextToken !== undefined);
    return pages;
  };
  const quick = await answersIn(AwsJson1_0Protocol);
  assert.ok(quick.length > 1);
  assert.deepEqual(quick, await answersIn(AwsSmithyRpcV2CborProtocol));
});
