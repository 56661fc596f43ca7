import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import {
  type Assembled,
  bad,
  body,
  caller,
  ended,
  good,
  settle,
  startOf,
  withIntegrations,
} from "../../test/support/integrations.ts";
import { cloudIntegration } from "../contract/index.ts";

withIntegrations((assembled) => {
  let integrations: Assembled["integrations"];
  let clock: Assembled["clock"];
  beforeEach(() => {
    ({ integrations, clock } = assembled());
  });

  describe("what runs leave behind", () => {
    let id: string;
    beforeEach(async () => {
      id = (await integrations.create(body(), caller)).id;
    });

    test("refused credentials disable with an event that goes on until the next good run", async () => {
      await settle(integrations, id, bad(clock));
      const broken = await integrations.get(id);
      assert.ok(broken.disabled);
      assert.equal(broken.lastError, "denied");
      assert.equal(broken.lastErrorEvent?.runningState, "ONGOING");
      assert.equal((await integrations.enable(id, caller)).lastErrorEvent?.runningState, "ONGOING");
      clock.advance(60_000);
      await settle(integrations, id, good(clock));
      const repaired = await integrations.get(id);
      assert.equal(repaired.disabled, false);
      assert.equal(repaired.lastErrorEvent?.runningState, "ENDED");
      assert.equal(repaired.lastErrorEvent?.endTime, clock.now());
      assert.equal(repaired.lastError, "denied", "the last error stays to be read");
      assert.deepEqual(cloudIntegration.parse(repaired), repaired);
    });

    test("a turn that a wrong clock has set far ahead is taken at once", async () => {
      const claimUntil = async (time: number) => {
        const [due] = await integrations.ledger.due(10);
        assert.ok(due && (await integrations.ledger.claim(due, time)));
        return (await integrations.ledger.due(10)).length;
      };
      assert.equal(await claimUntil(clock.now() + 30 * 24 * 3_600_000), 1);
      assert.equal(await claimUntil(clock.now() + 60_000), 0);
    });

    test("only one run of an integration at a time, whoever starts it", async () => {
      const start = startOf(id);
      const ids = await Promise.all([1, 2, 3].map(() => integrations.runs.begin(start)));
      assert.equal(ids.filter((run) => run !== undefined).length, 1);
    });

    test("a run whose lease is over is abandoned: it can neither finish nor move a checkpoint any more", async () => {
      const start = startOf(id);
      const startedAt = clock.now();
      const runId = (await integrations.runs.begin(start)) as string;
      const books = integrations.openBooks(id, runId);
      const position = (storedTo: number) => ({
        startedAt: 0,
        storedTo,
        askedAt: storedTo,
        metrics: 1,
        readings: [],
        trouble: null,
      });
      await books.record("eu-west-1", { position: position(1000) });
      assert.deepEqual(await integrations.runs.abandon("expired"), []);
      clock.advance(2000);
      assert.deepEqual(await integrations.runs.abandon("expired"), [
        { id: runId, integrationId: id, jobId: "j", startedAt },
      ]);
      assert.equal((await integrations.runs.get(runId)).state, "abandoned");
      assert.equal(await integrations.runs.renew(runId, 1000), false);
      assert.equal(await integrations.ledger.settle(id, { id: runId, end: ended }, good(clock)), false);
      assert.equal((await integrations.get(id)).lastProcessingTimestamp, undefined, "nothing is said of it");
      await assert.rejects(books.record("eu-west-1", { position: position(2000) }), { name: "RunLostError" });
      assert.deepEqual(await books.position("eu-west-1"), position(1000));
      assert.ok(await integrations.runs.begin(start), "another worker can take over");
    });

    test("of two workers one moves the turn", async () => {
      const [due] = await integrations.ledger.due(10);
      assert.ok(due);
      const moved = await Promise.all(
        [1, 2].map(() => integrations.ledger.claim(due, due.nextRunAt + 60_000)),
      );
      assert.equal(moved.filter(Boolean).length, 1);
      assert.deepEqual(await integrations.ledger.due(10), []);
    });

    test("old runs are deleted, the newest and the one under way are kept", async () => {
      const start = startOf(id);
      for (let i = 0; i < 4; i++) {
        await settle(integrations, id, good(clock));
        clock.advance(1000);
      }
      await integrations.runs.begin(start);
      assert.equal(await integrations.runs.purge(3, 90), 2);
      const left = await integrations.runs.list({ integrationId: id, offset: 0, limit: 10 });
      assert.deepEqual(
        left.items.map(({ state }) => state),
        ["running", "succeeded", "succeeded"],
      );
      clock.advance(91 * 24 * 3_600_000);
      await integrations.runs.purge(3, 90);
      assert.equal((await integrations.runs.list({ offset: 0, limit: 10 })).totalItems, 1);
      assert.equal((await integrations.runs.lastDay()).total, 0);
    });
  });
});
