import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { AwsQueryProtocol } from "@aws-sdk/core/protocols";
import { nextRun } from "../support/connected.ts";
import { type Moto, skipWithoutMoto, startMoto } from "../support/moto.ts";
import { startServer, type TestServer } from "../support/server.ts";

const minute = 60_000;
const roleArn = "arn:aws:iam::123456789012:role/Read";
const credentials = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "not-a-real-secret" };

/** The whole path against an AWS that others have written. */
describe("metrics of moto_server", { skip: skipWithoutMoto, timeout: 180_000 }, () => {
  /** Half an hour ago, on a full period. */
  const start = Math.floor((Date.now() - 30 * minute) / minute) * minute;
  let moto: Moto;
  let server: TestServer;
  let integrationId: string;

  before(async () => {
    moto = await startMoto();
    await putMetrics(moto.url, start);
    server = await startServer({ environment: { NEPHO_ALLOW_PRIVATE_ENDPOINTS: "true" } });
    const { response: externalId } = await server.api("POST", "/api/v2/cloudintegration/awsExternalId");
    const credential = await server.api("POST", "/api/v1/credentials", {
      name: "moto",
      method: "keys",
      region: "eu-west-1",
      ...credentials,
      emulatorCompatible: true,
      endpoints: { default: moto.url, sts: moto.url },
      roleChain: [{ roleArn, externalIdSource: "generated", externalId }],
    });
    const created = await server.api("POST", "/api/v2/cloudintegration", {
      name: "Metrics of moto",
      service: "CLOUDWATCH",
      credentialId: credential.id,
      cloudWatch: { regions: ["eu-west-1"], namespaces: ["shop", "AWS/SQS"], statistics: ["Sum", "Maximum"] },
    });
    integrationId = created.response.id;
  });
  after(async () => {
    await server?.stop();
    await moto?.stop();
  });

  test("are discovered and stored by an assumed role, and the run succeeds", async () => {
    const run = await nextRun(server, integrationId);
    assert.equal(run.error, null);
    assert.equal(run.state, "succeeded");
    assert.equal(run.metricsListed, 3);
    assert.equal(run.seriesStored, 6, "three metrics, two statistics");
    assert.equal(run.pointsStored, 60);
    const series = await server.api("GET", "/api/v1/metrics/series?namespace=Shop&statistic=Sum");
    assert.deepEqual(series.items.map((item: any) => item.dimensions).sort(byText), [
      { Host: "a" },
      { Host: "b" },
    ]);
    assert.deepEqual([...new Set(series.items.map((item: any) => item.accountId))], ["123456789012"]);
  });

  test("are read back value for value, with the unit that AWS gave them", async () => {
    const answer = await server.api("POST", "/api/v1/metrics/query", {
      namespace: "Shop",
      metricName: "Orders",
      statistic: "Sum",
      from: start,
      to: start + 10 * minute,
      stepSeconds: 60,
      groupBy: ["Host"],
    });
    assert.deepEqual(
      answer.series.map((one: any) => [one.labels.Host, one.points]).sort(byText),
      ["a", "b"].map((host, index) => [host, valuesOf(index).map((value, i) => [start + i * minute, value])]),
    );
    assert.equal(answer.unit, "Count");
  });
});

/** Different in each host and minute, so that nothing can be mistaken for its neighbour. */
function valuesOf(host: number): number[] {
  return Array.from({ length: 10 }, (_, i) => 100 * (host + 1) + i);
}

async function putMetrics(url: string, start: number): Promise<void> {
  const client = new CloudWatchClient({
    endpoint: url,
    region: "eu-west-1",
    credentials: { ...credentials },
    protocol: AwsQueryProtocol,
  } as object);
  const points = (name: string, dimension: string, host: number) =>
    valuesOf(host).map((value, i) => ({
      MetricName: name,
      Dimensions: [{ Name: dimension, Value: host === 0 ? "a" : "b" }],
      Timestamp: new Date(start + i * minute),
      Value: value,
      Unit: "Count" as const,
    }));
  await client.send(
    new PutMetricDataCommand({
      Namespace: "Shop",
      MetricData: [...points("Orders", "Host", 0), ...points("Orders", "Host", 1)],
    }),
  );
  await client.send(
    new PutMetricDataCommand({
      Namespace: "AWS/SQS",
      MetricData: points("NumberOfMessagesSent", "QueueName", 0),
    }),
  );
  client.destroy();
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
