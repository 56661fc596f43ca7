import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { startSimulator } from "../../simulator/index.ts";
import { caller, eventually, useCollectWorld } from "../../test/support/collect-world.ts";
import { forEachDatabase } from "../../test/support/databases.ts";
import { quietLog } from "../../test/support/quiet-log.ts";
import { type ApiCall, createPacer } from "../aws/index.ts";
import { systemClock, systemRandom } from "../base/index.ts";
import type { Collector, CollectorDeps } from "./index.ts";
import { createJobQueue } from "./job-queue.ts";

forEachDatabase((open) => {
  const world = useCollectWorld(open);
  const { ended, runsOf, start } = world;

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
      const { simulator } = world;
      const hanging = await startSimulator({});
      let collector: Collector | undefined;
      try {
        const stuck = await world.connect(hanging);
        hanging.simulator.faults.add({ service: "monitoring", kind: "hang" });
        const other = await world.connect(simulator);
        collector = await start({ drainMs: 50 });
        assert.equal((await ended(other)).state, "succeeded");
        assert.equal((await runsOf(stuck))[0]?.state, "running");
      } finally {
        await collector?.stop();
        await hanging.close();
      }
    });

    test("workers that share a database run each integration once", async () => {
      const { simulator } = world;
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
      const { simulator } = world;
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
      const { simulator } = world;
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
      const { simulator } = world;
      const id = await world.connect(simulator);
      const lost = await beginAsDeadWorker(id, -1);
      await start();
      const run = await ended(id, 2);
      assert.equal(run.state, "succeeded");
      assert.equal((await world.integrations.runs.get(lost as string)).state, "abandoned");
    });

    test("when this process alone uses the database, it does not wait for leases", async () => {
      const { simulator } = world;
      const id = await world.connect(simulator);
      await beginAsDeadWorker(id, 3_600_000);
      const queue = createJobQueue({
        db: world.database,
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
