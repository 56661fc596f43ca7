import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  type Connected,
  type Connection,
  connect,
  eventually,
  nextRun,
  startConnected,
} from "../support/connected.ts";

/** From an AWS account to a chart, through an assumed role with an external ID. */
describe("the first whole path", () => {
  let connected: Connected;
  let connection: Connection;
  before(async () => {
    connected = await startConnected();
    connection = await connect(connected.server, connected.aws, { regions: ["us-east-1", "eu-west-1"] });
  });
  after(() => connected.stop());

  test("the first run stores points of both regions and says what it cost", async () => {
    const run = await nextRun(connected.server, connection.integrationId);
    assert.equal(run.state, "succeeded", JSON.stringify(run));
    assert.equal(run.trigger, "create");
    assert.ok(run.metricsListed > 100);
    assert.ok(run.seriesStored > 100);
    assert.ok(run.pointsStored > 1000);
    assert.ok(run.costUsd > 0);
    const { items } = await connected.server.api("GET", "/api/v1/metrics/dimensions?namespace=AWS/EC2");
    assert.deepEqual(items.find((item: any) => item.name === "region")?.values.sort(), [
      "eu-west-1",
      "us-east-1",
    ]);
    const account = items.find((item: any) => item.name === "accountId");
    assert.deepEqual(account?.values, [connected.aws.simulator.seeded.productionAccountId]);
  });

  test("a metric is plotted by group, in CSV too", async () => {
    const query = {
      namespace: "AWS/EC2",
      metricName: "CPUUtilization",
      statistic: "Average",
      from: Date.now() - 3 * 3_600_000,
      to: Date.now(),
      groupBy: ["InstanceId"],
    };
    const answer = await connected.server.api("POST", "/api/v1/metrics/query", query);
    assert.ok(answer.series.length > 5);
    for (const series of answer.series) {
      assert.match(series.labels.InstanceId, /^i-/);
      for (const [at, value] of series.points) assert.ok(at <= Date.now() && value >= 0 && value <= 100);
    }
    const csv = await connected.server.fetch("POST", "/api/v1/metrics/query", query, { accept: "text/csv" });
    assert.match(csv.headers.get("content-type") ?? "", /^text\/csv/);
    assert.match(await csv.text(), /^[^\n]*InstanceId[^\n]*\r?\n/);
  });

  test("a chart has the unit that AWS gives, from the first run on", async () => {
    const { server } = connected;
    const unitOf = async (metric: object) =>
      (
        await server.api("POST", "/api/v1/metrics/query", {
          namespace: "AWS/RDS",
          statistic: "Average",
          from: Date.now() - 3 * 3_600_000,
          to: Date.now(),
          ...metric,
        })
      ).unit;
    assert.equal(await unitOf({ metricName: "CPUUtilization" }), "Percent");
    assert.equal(await unitOf({ metricName: "FreeableMemory" }), "Bytes");
    assert.equal(await unitOf({ metricName: "CPUUtilization", statistic: "SampleCount" }), null);
    const run = await nextRun(server, connection.integrationId);
    const { items } = await server.api("GET", `/api/v1/integrations/${run.integrationId}/runs?limit=1000`);
    const asked = items.map((item: any) => item.apiCalls["monitoring:GetMetricStatistics"] ?? 0);
    assert.ok(asked.at(-1) > 20, "the first run asks, and counts what it asks");
  });

  test("what AWS publishes once or a few times a day is there after the first run", async () => {
    const read = (metric: object) =>
      connected.server.api("POST", "/api/v1/metrics/query", {
        from: Date.now() - 10 * 86_400_000,
        to: Date.now(),
        groupBy: [],
        ...metric,
      });
    const size = { namespace: "AWS/S3", metricName: "BucketSizeBytes", statistic: "Average" };
    assert.ok((await read(size)).series[0].points.length >= 8, "a point a day");
    const charges = { namespace: "AWS/Billing", metricName: "EstimatedCharges", statistic: "Maximum" };
    assert.ok((await read(charges)).series[0].points.length >= 30, "four points a day");
  });

  test("reading a window again changes nothing", async () => {
    const { server } = connected;
    const read = async () => {
      const to = Math.floor(Date.now() / 3_600_000) * 3_600_000;
      const answer = await server.api("POST", "/api/v1/metrics/query", {
        namespace: "AWS/RDS",
        metricName: "CPUUtilization",
        statistic: "SampleCount",
        from: to - 2 * 3_600_000,
        to: Date.now() - 900_000,
        stepSeconds: 60,
        aggregation: "sum",
        groupBy: [],
      });
      return answer.series[0]?.points ?? [];
    };
    const before = await read();
    const last = await nextRun(server, connection.integrationId);
    await server.fetch("POST", `/api/v1/integrations/${connection.integrationId}/run`);
    await nextRun(server, connection.integrationId, last.id);
    const stored = new Map(await read());
    for (const [at, value] of before) assert.equal(stored.get(at), value);
  });

  test("a revoked trust disables the integration with a reason; after the repair it goes on", async () => {
    const { server, aws } = connected;
    const { integrationId, externalId } = connection;
    const role = aws.simulator.seeded.roleArn;
    aws.simulator.accounts.setExternalIds(role, ["somebody-elses"]);
    await server.api("PUT", `/api/v1/credentials/${connection.credentialId}`, {
      version: (await server.api("GET", `/api/v1/credentials/${connection.credentialId}`)).version,
      description: "edited, so that cached role keys are dropped",
    });
    const last = await nextRun(server, integrationId);
    await server.fetch("POST", `/api/v1/integrations/${integrationId}/run`);
    const run = await nextRun(server, integrationId, last.id);
    assert.equal(run.state, "failed");
    assert.equal(run.error.cause, "DENIED_ASSUME");
    assert.ok(run.error.advice.length > 0);
    const disabled = (await server.api("GET", `/api/v2/cloudintegration/${integrationId}`)).response;
    assert.equal(disabled.disabled, true);
    assert.equal(disabled.lastErrorEvent.runningState, "ONGOING");
    const overview = await server.api("GET", "/api/v1/overview");
    assert.ok(
      overview.problems.some(
        (problem: any) => problem.kind === "integration" && problem.id === integrationId,
      ),
    );

    aws.simulator.accounts.setExternalIds(role, [externalId]);
    await server.api("POST", `/api/v2/cloudintegration/${integrationId}/enable`);
    await server.fetch("POST", `/api/v1/integrations/${integrationId}/run`);
    await eventually("the error event to end", 60_000, async () => {
      const { response } = await server.api("GET", `/api/v2/cloudintegration/${integrationId}`);
      return response.lastErrorEvent.runningState === "ENDED" && !response.disabled ? response : undefined;
    });
  });

  test("throttling is recorded and never disables", async () => {
    const { server, aws } = connected;
    aws.simulator.faults.add({ service: "monitoring", kind: "throttle" });
    await eventually("a throttled run", 60_000, async () => {
      await server.fetch("POST", `/api/v1/integrations/${connection.integrationId}/run`);
      const { items } = await server.api(
        "GET",
        `/api/v1/integrations/${connection.integrationId}/runs?limit=5`,
      );
      return items.find((run: any) => run.error?.cause === "THROTTLED");
    });
    aws.simulator.faults.clear();
    const { response } = await server.api("GET", `/api/v2/cloudintegration/${connection.integrationId}`);
    assert.equal(response.disabled, false);
  });

  test("a credential in use cannot be deleted, and the answer says what uses it", async () => {
    const response = await connected.server.fetch("DELETE", `/api/v1/credentials/${connection.credentialId}`);
    const answer: any = await response.json();
    assert.equal(response.status, 409);
    assert.equal(answer.error.code, "credential_in_use");
    assert.match(JSON.stringify(answer.error), /Production metrics/);
  });

  test("Prometheus finds runs, calls, points and cost", async () => {
    const { server } = connected;
    const response = await server.fetch("GET", "/metrics");
    const samples = new Map(
      (await response.text())
        .split("\n")
        .filter((line) => line.startsWith("nephoscope_"))
        .map((line): [string, number] => [
          line.slice(0, line.lastIndexOf(" ")),
          Number(line.split(" ").at(-1)),
        ]),
    );
    const total = (name: string) =>
      [...samples].filter(([key]) => key.startsWith(name)).reduce((sum, [, value]) => sum + value, 0);
    assert.ok((samples.get('nephoscope_runs_total{state="succeeded"}') ?? 0) > 0);
    assert.ok((samples.get('nephoscope_runs_total{state="failed"}') ?? 0) > 0, "the trust was revoked once");
    for (const name of ["points_stored_total", "aws_cost_usd_total", "aws_calls_total", "assume_role_total"])
      assert.ok(total(`nephoscope_${name}`) > 0, name);
  });

  test("metrics of a deleted integration stay", async () => {
    const { server } = connected;
    const count = async () =>
      (await server.api("GET", "/api/v1/metrics/series?namespace=AWS/RDS&limit=1")).totalItems;
    const before = await count();
    assert.ok(before > 0);
    await server.api("DELETE", `/api/v2/cloudintegration/${connection.integrationId}?skipTrash=true`);
    assert.equal((await server.fetch("GET", `/api/v1/integrations/${connection.integrationId}`)).status, 404);
    assert.equal(await count(), before);
  });

  test("no secret of the credential is in the log or in the data folder's text files", () => {
    const { secretAccessKey } = connected.aws.simulator.seeded;
    assert.equal(connected.server.output().includes(secretAccessKey), false);
  });
});
