import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { type RunningSimulator, startSimulator } from "../../simulator/index.ts";
import { forEachDatabase, type OpenedDatabase } from "../../test/support/databases.ts";
import { quietLog } from "../../test/support/quiet-log.ts";
import { type ApiCall, type Aws, classifyAwsError, createAws, createPacer } from "../aws/index.ts";
import { systemClock, systemRandom } from "../base/index.ts";
import { cloudIntegrationInput, credentialInput, type Run } from "../contract/index.ts";
import { createIntegrations, type Integrations } from "../integrations/index.ts";
import { openTelemetry, type Telemetry } from "../telemetry/index.ts";
import { createCredentials, createExternalIds, createVault, generateMasterKey } from "../vault/index.ts";
import { type Collector, type CollectorDeps, type CollectorOptions, createCollector } from "./index.ts";
import { createJobQueue } from "./job-queue.ts";

const caller = { name: "admin", arn: "arn:aws:iam::000000000000:user/admin" };

/** The product's own parts, from credential to store, with a simulated AWS at the other end. */
interface World {
  readonly aws: Aws;
  readonly integrations: Integrations;
  readonly credentials: ReturnType<typeof createCredentials>;
  readonly externalId: string;
  newCollector(
    options?: Partial<CollectorOptions>,
    more?: Pick<CollectorDeps, "observe" | "pacer">,
  ): Collector;
  connect(simulator: RunningSimulator, settings?: object): Promise<string>;
}

async function createWorld(opened: OpenedDatabase, telemetry: Telemetry): Promise<World> {
  const db = opened.database;
  const base = { db, clock: systemClock, random: systemRandom, log: quietLog };
  const vault = await createVault({ ...base, masterKeys: [masterKey] });
  const aws = createAws({ ...base, allowPrivateEndpoints: true, environment: {} });
  const externalIds = createExternalIds(base);
  const policy = { allowedMethods: ["keys" as const], assumeRoleEnabled: true };
  const credentials = createCredentials({ ...base, vault, aws, externalIds, policy });
  const integrations = createIntegrations({ ...base, credentials, externalIds, classify: classifyAwsError });
  const { id: externalId } = await externalIds.create(caller);
  let workers = 0;
  return {
    aws,
    integrations,
    credentials,
    externalId,
    newCollector: (options, more) =>
      createCollector({
        ...base,
        ...more,
        integrations,
        credentials,
        metrics: telemetry.metrics,
        classify: classifyAwsError,
        workerId: `worker-${++workers}`,
        options: { tickMs: 50, ...options },
      }),
    connect: async (simulator, settings = {}) => {
      simulator.simulator.accounts.setExternalIds(simulator.seeded.roleArn, [externalId]);
      const credential = await credentials.create(
        credentialInput.parse({
          name: `key ${systemRandom.uuid()}`,
          method: "keys",
          region: "us-east-1",
          accessKeyId: simulator.seeded.accessKeyId,
          secretAccessKey: simulator.seeded.secretAccessKey,
          endpoints: { default: simulator.url, sts: simulator.url },
        }),
        caller,
      );
      const input = cloudIntegrationInput.parse({
        name: "Production",
        service: "CLOUDWATCH",
        credentialId: credential.id,
        cloudWatch: {
          baseCredentials: { roleArn: simulator.seeded.roleArn, externalId },
          namespaces: ["AWS/EC2", "AWS/SQS"],
          regions: ["us-east-1"],
        },
        ...settings,
      });
      return (await integrations.create(input, caller)).id;
    },
  };
}

const masterKey = generateMasterKey(systemRandom);

forEachDatabase((open) => {
  let opened: OpenedDatabase;
  let telemetry: Telemetry;
  let folder: string;
  let simulator: RunningSimulator;
  let world: World;
  let collectors: Collector[];

  before(async () => {
    opened = await open();
    folder = await mkdtemp(join(tmpdir(), "nepho-collect-"));
    telemetry = await openTelemetry({ directory: folder, log: quietLog, clock: systemClock });
  });
  after(async () => {
    await telemetry.close();
    await opened.dispose();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    simulator = await startSimulator({});
    world = await createWorld(opened, telemetry);
    collectors = [];
  });
  afterEach(async () => {
    await Promise.all(collectors.map((collector) => collector.stop()));
    await opened.database.kysely.deleteFrom("integrations").execute();
    world.aws.close();
    await simulator.close();
  });

  async function start(...options: Parameters<World["newCollector"]>): Promise<Collector> {
    const collector = world.newCollector(...options);
    collectors.push(collector);
    await collector.start();
    return collector;
  }
  const booksOf = (integrationId: string) => world.integrations.openBooks(integrationId, "");
  const positionOf = (integrationId: string, scope: string) => booksOf(integrationId).position(scope);
  const runsOf = async (integrationId: string) =>
    (await world.integrations.runs.list({ integrationId, offset: 0, limit: 100 })).items;
  const ended = (integrationId: string, count = 1, patienceMs = 10_000) =>
    eventually(patienceMs, async () => {
      const runs = (await runsOf(integrationId)).filter(({ state }) => state !== "running");
      return runs.length >= count ? (runs[0] as Run) : undefined;
    });

  test("metrics come through an assumed role with our external ID into the store, and can be read back", async () => {
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
    const id = await world.connect(simulator);
    const collector = await start();
    const first = await ended(id);
    await opened.database.kysely.deleteFrom("checkpoints").execute();
    await collector.runNow(id);
    const second = await ended(id, 2);
    assert.equal(second.trigger, "manual");
    assert.equal(second.seriesStored, first.seriesStored);
    const { totalItems } = await telemetry.metrics.findSeries({ integrationId: id }, { offset: 0, limit: 1 });
    assert.equal(totalItems, first.seriesStored);
  });

  test("throttling fails the run, is noted as the reason for what is missing, never disables, and is tried again soon", async () => {
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

  describe("AWS's quotas", () => {
    const quotas = {
      callsPerSecond: { ListMetrics: 4, GetMetricData: 4 },
      otherCallsPerSecond: 100,
      recentPointsPerSecond: 60_000,
      olderPointsPerSecond: 60_000,
    };

    /** Three integrations of one account, all due at once; how many of their calls AWS refused. */
    async function refusedOf(pacer: CollectorDeps["pacer"]): Promise<number> {
      const strict = await startSimulator({ quotas });
      try {
        const ids = [await world.connect(strict), await world.connect(strict), await world.connect(strict)];
        let refused = 0;
        const apiCall = ({ throttled }: ApiCall) => {
          if (throttled) refused++;
        };
        const collector = await start({}, { pacer, observe: { apiCall } });
        for (const id of ids) assert.equal((await ended(id, 1, 30_000)).state, "succeeded");
        await collector.stop();
        return refused;
      } finally {
        await strict.close();
      }
    }

    test("are kept by all runs together, so that AWS refuses nothing", async () => {
      assert.equal(await refusedOf(createPacer({ clock: systemClock, quotas, share: 0.8 })), 0);
    });

    test("are left to AWS without a pacer, which refuses calls then", async () => {
      await assert.rejects(refusedOf(undefined), { name: "AssertionError" });
    });
  });

  describe("several at once", () => {
    test("an integration whose AWS hangs does not keep another from running", async () => {
      const hanging = await startSimulator({});
      try {
        const stuck = await world.connect(hanging);
        hanging.simulator.faults.add({ service: "monitoring", kind: "hang" });
        const other = await world.connect(simulator);
        await start({ drainMs: 50 });
        assert.equal((await ended(other)).state, "succeeded");
        assert.equal((await runsOf(stuck))[0]?.state, "running");
      } finally {
        await collectors.pop()?.stop();
        await hanging.close();
      }
    });

    test("workers that share a database run each integration once", async () => {
      const ids = await Promise.all(
        Array.from({ length: 8 }, () => world.connect(simulator, { serviceRefreshRateInMins: 60 })),
      );
      await Promise.all([start({ runsAtOnce: 2 }), start({ runsAtOnce: 2 }), start({ runsAtOnce: 2 })]);
      for (const id of ids) await ended(id);
      await new Promise((resolve) => setTimeout(resolve, 300));
      for (const id of ids) assert.equal((await runsOf(id)).length, 1);
      const workers = new Set((await Promise.all(ids.map(runsOf))).flat().map(({ workerId }) => workerId));
      assert.ok(workers.size > 1, "the work was shared");
    });

    test("a second run of an integration that is under way is refused", async () => {
      const id = await world.connect(simulator);
      simulator.simulator.faults.add({ service: "monitoring", kind: "hang" });
      const collector = await start({ drainMs: 50 });
      await eventually(10_000, async () => (await runsOf(id))[0]);
      await assert.rejects(collector.runNow(id), { code: "integration_busy" });
      await world.integrations.disable(id, caller);
      await assert.rejects(collector.runNow(id), { code: "validation_failed" });
      await assert.rejects(collector.runNow("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"), {
        code: "integration_not_found",
      });
    });
  });

  describe("stopping and dying", () => {
    const beginAsDeadWorker = (integrationId: string, leaseMs: number) =>
      world.integrations.runs.begin({
        integrationId,
        jobId: systemRandom.uuid(),
        trigger: "schedule",
        workerId: "dead",
        leaseMs,
      });

    test("a stop waits for what is under way, then interrupts it; the run is repeated after the next start", async () => {
      const id = await world.connect(simulator);
      simulator.simulator.faults.add({ service: "monitoring", kind: "hang" });
      const collector = await start({ drainMs: 100 });
      await eventually(10_000, async () => (await runsOf(id))[0]);
      const began = performance.now();
      await collector.stop();
      assert.ok(performance.now() - began < 5_000);
      const run = await ended(id);
      assert.equal(run.state, "abandoned");
      assert.equal((await world.integrations.summaries.get(id)).state, "ok", "a stop is no failure");
      simulator.simulator.faults.clear();
      await start();
      assert.equal((await ended(id, 2)).state, "succeeded");
    });

    test("the run of a killed worker is recorded as abandoned and moves on", async () => {
      const id = await world.connect(simulator);
      const lost = await beginAsDeadWorker(id, -1);
      await start();
      const run = await ended(id, 2);
      assert.equal(run.state, "succeeded");
      assert.equal((await world.integrations.runs.get(lost as string)).state, "abandoned");
    });

    test("when this process alone uses the database, it does not wait for leases", async () => {
      const id = await world.connect(simulator);
      await beginAsDeadWorker(id, 3_600_000);
      const queue = createJobQueue({
        db: opened.database,
        log: quietLog,
        expireAfterMs: 3_600_000,
        heartbeatMs: 60_000,
      });
      await queue.start();
      const job = {
        kind: "run",
        integrationId: id,
        trigger: "schedule",
        credentialId: null,
        dueAt: Date.now(),
        lastRunMs: null,
      } as const;
      await queue.offer(job);
      assert.ok(await queue.take(), "taken, and never done");
      assert.equal(await queue.offer(job), false);
      await queue.stop();
      await start({ soleWorker: true });
      assert.equal((await ended(id, 2)).state, "succeeded");
    });
  });
});

async function eventually<T>(patienceMs: number, probe: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    assert.ok(performance.now() < deadline, `waited ${patienceMs} ms in vain`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
