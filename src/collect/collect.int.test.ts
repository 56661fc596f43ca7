import assert from "node:assert/strict";
import { test } from "node:test";
import { caller, eventually, useCollectWorld } from "../../test/support/collect-world.ts";
import { forEachDatabase } from "../../test/support/databases.ts";

forEachDatabase((open) => {
  const world = useCollectWorld(open);
  const { booksOf, ended, positionOf, start } = world;

  test("metrics come through an assumed role with our external ID into the store, and can be read back", async () => {
    const { simulator, telemetry } = world;
    const id = await world.connect(simulator);
    await start();
    const run = await ended(id);
    assert.deepEqual([run.state, run.error, run.trigger], ["succeeded", null, "create"]);
    assert.ok(run.metricsListed > 0 && run.seriesStored > 0 && run.pointsStored > run.seriesStored);
    assert.ok(run.apiCalls["monitoring:ListMetrics"] && run.apiCalls["monitoring:GetMetricData"]);
    assert.ok(run.costUsd > 0);

    const namespaces = await telemetry.metrics.findNamespaces({});
    assert.deepEqual(namespaces.map(({ namespace }) => namespace).sort(), ["AWS/EC2", "AWS/SQS"]);
    const found = await telemetry.metrics.findSeries({ integrationId: id }, { offset: 0, limit: 1000 });
    assert.equal(found.totalItems, run.seriesStored);
    const [series] = found.items;
    assert.equal(series?.accountId, simulator.seeded.productionAccountId);
    assert.equal(series?.accountAlias, "acme-production");
    assert.equal(series?.region, "us-east-1");

    const wire = await world.integrations.get(id);
    assert.ok(wire.lastReceivedDataPointMs && Date.now() - wire.lastReceivedDataPointMs < 15 * 60_000);
    assert.ok(wire.lastMetricCount && wire.lastMetricCount > 0 && wire.lastMetricCount < run.seriesStored);
    assert.equal(wire.disabled, false);
    const checkpoint = await positionOf(id, "us-east-1");
    assert.equal(checkpoint?.storedTo, Date.parse(run.windowTo ?? ""));
  });

  test("filters, statistics and the period of the settings decide what is asked for", async () => {
    const { simulator, telemetry } = world;
    const id = await world.connect(simulator, {
      cloudWatch: {
        baseCredentials: { roleArn: simulator.seeded.roleArn, externalId: world.externalId },
        metricFilterRegex: "aws.ec2.cpuutilization",
        statistics: ["Maximum", "p90"],
        periodSeconds: 300,
        regions: ["us-east-1"],
        pointTagFilterRegex: "name",
      },
      additionalTags: { team: "core" },
    });
    await start();
    const run = await ended(id);
    assert.equal(run.error, null);
    const { items } = await telemetry.metrics.findSeries({ integrationId: id }, { offset: 0, limit: 1000 });
    assert.ok(items.length > 0);
    assert.deepEqual([...new Set(items.map(({ metricName }) => metricName))], ["CPUUtilization"]);
    assert.deepEqual([...new Set(items.map(({ statistic }) => statistic))].sort(), ["Maximum", "p90"]);
    assert.deepEqual([...new Set(items.map(({ periodSeconds }) => periodSeconds))], [300]);
    assert.ok(items.every(({ tags }) => tags.team === "core"));
    assert.ok(
      items.some(({ tags }) => tags.Name),
      "the instance's Name tag came along",
    );
  });

  test("reading a window again stores nothing twice and costs no more series", async () => {
    const { simulator, telemetry } = world;
    const id = await world.connect(simulator);
    const collector = await start();
    const first = await ended(id);
    await world.database.kysely.deleteFrom("checkpoints").execute();
    await collector.runNow(id);
    const second = await ended(id, 2);
    assert.equal(second.trigger, "manual");
    assert.equal(second.seriesStored, first.seriesStored);
    const { totalItems } = await telemetry.metrics.findSeries({ integrationId: id }, { offset: 0, limit: 1 });
    assert.equal(totalItems, first.seriesStored);
  });

  test("throttling fails the run, is noted as the reason for what is missing, never disables, and is tried again soon", async () => {
    const { simulator } = world;
    const id = await world.connect(simulator);
    simulator.simulator.faults.add({ service: "monitoring", operation: "GetMetricData", kind: "throttle" });
    const collector = await start();
    const run = await ended(id);
    assert.equal(run.state, "failed");
    assert.equal(run.error?.cause, "THROTTLED");
    const summary = await world.integrations.summaries.get(id);
    assert.equal(summary.state, "failing");
    assert.ok(
      summary.nextRunAt && Date.parse(summary.nextRunAt) - Date.now() < 31_000,
      "sooner than in five minutes",
    );
    assert.equal((await positionOf(id, "us-east-1"))?.trouble?.reason, "throttled");
    assert.equal((await world.integrations.get(id)).lastErrorEvent, undefined);

    simulator.simulator.faults.clear();
    await collector.runNow(id);
    assert.equal((await ended(id, 2)).state, "succeeded");
    assert.equal((await world.integrations.summaries.get(id)).state, "ok");
  });

  test("data that AWS calls partial is stored, told, and asked for again", async () => {
    const { simulator } = world;
    const id = await world.connect(simulator);
    simulator.simulator.faults.add({
      service: "monitoring",
      operation: "GetMetricData",
      kind: "partial-data",
    });
    await start();
    const run = await ended(id);
    assert.equal(run.state, "partial");
    assert.match(run.error?.message ?? "", /not complete/);
    const checkpoint = await positionOf(id, "us-east-1");
    assert.equal(checkpoint?.storedTo, Date.parse(run.windowTo ?? ""));
    const owed = await booksOf(id).owed("us-east-1");
    assert.ok(owed.length > 0 && owed.every(({ to }) => to <= (checkpoint?.storedTo ?? 0)));
  });

  test("one region that fails does not keep the other from being stored", async () => {
    const { simulator } = world;
    const id = await world.connect(simulator, {
      cloudWatch: {
        baseCredentials: { roleArn: simulator.seeded.roleArn, externalId: world.externalId },
        namespaces: ["AWS/SQS"],
        regions: ["us-east-1", "eu-west-1"],
      },
    });
    simulator.simulator.faults.add({
      service: "monitoring",
      operation: "ListMetrics",
      kind: "access-denied",
      times: 1,
    });
    await start();
    const run = await ended(id);
    assert.equal(run.state, "partial");
    // Both are asked at once, so either may have been first.
    const [failed, other] =
      run.error?.region === "us-east-1" ? ["us-east-1", "eu-west-1"] : ["eu-west-1", "us-east-1"];
    assert.equal(run.error?.region, failed);
    assert.ok(run.pointsStored > 0);
    assert.equal((await positionOf(id, failed))?.trouble?.reason, "denied");
    assert.equal((await positionOf(id, other))?.trouble, null);
    assert.equal(
      (await world.integrations.get(id)).disabled,
      false,
      "a denied action is not refused credentials",
    );
  });

  test("revoked trust disables with an event; after the repair and enabling, the event has ended", async () => {
    const { simulator } = world;
    const id = await world.connect(simulator);
    simulator.simulator.accounts.setExternalIds(simulator.seeded.roleArn, ["somebody-elses"]);
    world.aws.invalidate((await world.integrations.get(id)).credentialId ?? "");
    await start();
    const run = await ended(id);
    assert.equal(run.state, "failed");
    assert.equal(run.error?.cause, "DENIED_ASSUME");
    assert.ok(run.error?.advice.length);
    const broken = await world.integrations.get(id);
    assert.equal(broken.disabled, true);
    assert.equal(broken.lastErrorEvent?.runningState, "ONGOING");
    assert.equal((await world.integrations.summaries.get(id)).state, "disabled-by-error");

    simulator.simulator.accounts.setExternalIds(simulator.seeded.roleArn, [world.externalId]);
    await world.integrations.enable(id, caller);
    assert.equal((await ended(id, 2)).state, "succeeded");
    const repaired = await eventually(10_000, async () => {
      const wire = await world.integrations.get(id);
      return wire.lastErrorEvent?.runningState === "ENDED" ? wire : undefined;
    });
    assert.equal(repaired.disabled, false);
  });

  test("a pattern that was saved by force is an error of the run and costs nothing", async () => {
    const { simulator } = world;
    const id = await world.connect(simulator, {
      forceSave: true,
      cloudWatch: {
        baseCredentials: { roleArn: simulator.seeded.roleArn, externalId: world.externalId },
        metricFilterRegex: "^aws.(ecs|rds).*)$",
      },
    });
    await start();
    const run = await ended(id);
    assert.deepEqual(
      [run.state, run.error?.cause, run.error?.code],
      ["failed", "LOCAL_CONFIG", "pattern_invalid"],
    );
    assert.deepEqual(run.apiCalls, {});
    assert.equal((await world.integrations.get(id)).disabled, false);
  });
});
