import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { sql } from "kysely";
import { forEachDatabase, type OpenedDatabase } from "../../test/support/databases.ts";
import { quietLog } from "../../test/support/quiet-log.ts";
import { type Choice, createJobQueue, type Job, type JobQueue, type RunData } from "./job-queue.ts";

const now = Date.UTC(2026, 10, 20, 12);
const run = (integrationId: string): RunData => ({
  kind: "run",
  integrationId,
  trigger: "schedule",
  credentialId: null,
  dueAt: now,
  lastRunMs: null,
});
const times = { expireAfterMs: 3_600_000, heartbeatMs: 60_000, superviseMs: 1_000 };

forEachDatabase((open) => {
  let opened: OpenedDatabase;
  let queue: JobQueue;
  before(async () => {
    opened = await open();
  });
  after(() => opened.dispose());
  beforeEach(async () => {
    queue = createJobQueue({ db: opened.database, log: quietLog, ...times });
    await queue.start();
    await queue.clear();
  });
  afterEach(() => queue.stop());

  const takeOne = async (integrationId: string): Promise<Job> => {
    assert.equal(await queue.offer(run(integrationId)), true);
    const job = await queue.take();
    assert.deepEqual(job?.data, run(integrationId));
    return job!;
  };

  /** As if nobody had spoken for the job for that long. */
  const age = (jobId: string, seconds: number) =>
    sql`update pgboss.job set heartbeat_on = heartbeat_on - ${seconds} * interval '1 second' where id = ${jobId}::uuid`.execute(
      opened.database.kysely,
    );

  /** The queue looks for the dead once a second. */
  const recovered = async (): Promise<number> => {
    for (let tries = 0; tries < 60; tries++) {
      const count = await queue.recover();
      if (count > 0) return count;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return 0;
  };

  test("a key belongs to one job, waiting or under way, until that job is finished", async () => {
    assert.equal(await queue.offer(run("a")), true);
    assert.equal(await queue.offer(run("a")), false, "one is waiting");
    const job = await queue.take();
    assert.equal(await queue.offer(run("a")), false, "one is under way");
    await queue.finish(job!.id);
    assert.equal(await queue.offer(run("a")), true);
  });

  test("the job of a worker that went silent is given to another; one that is spoken for is not", async () => {
    const silent = await takeOne("silent");
    const kept = await takeOne("kept");
    await age(silent.id, 61);
    await age(kept.id, 50);
    await queue.keep([kept.id]);
    await age(kept.id, 50);
    assert.equal(await recovered(), 1, "nobody has spoken for it for more than a minute");
    const again = await queue.take();
    assert.deepEqual(again?.data, silent.data);
    assert.equal(await queue.offer(run("kept")), false, "without the heartbeat it would be 100 s old");
    assert.equal(await queue.recover(), 0, "it was given once");
  });

  test("the silent worker that comes back can finish without harm to who has the key now", async () => {
    const silent = await takeOne("a");
    await age(silent.id, 61);
    assert.equal(await recovered(), 1);
    const again = await queue.take();
    await queue.keep([silent.id]);
    await queue.finish(silent.id);
    assert.equal(await queue.offer(run("a")), false, "the new job is still there");
    await queue.finish(again!.id);
    assert.equal(await queue.offer(run("a")), true);
  });

  test("a job exists if the transaction that offers it is committed, and only then", async () => {
    const { kysely } = opened.database;
    const broken = kysely.transaction().execute(async (transaction) => {
      assert.equal(await queue.offer(run("a"), { within: transaction }), true);
      throw new Error("undo");
    });
    await assert.rejects(broken, /undo/);
    assert.equal(await queue.take(), undefined);
    await kysely.transaction().execute((transaction) => queue.offer(run("a"), { within: transaction }));
    assert.ok(await queue.take());
  });

  const keysOf = async (count: number, choice?: Choice): Promise<(string | undefined)[]> => {
    const keys: (string | undefined)[] = [];
    for (let taken = 0; taken < count; taken++) keys.push((await queue.take(choice))?.key);
    return keys;
  };

  test("jobs come by when they were due and by what they take, those of people first", async () => {
    await queue.offer({ ...run("later"), dueAt: now + 5_000 });
    await queue.offer({ ...run("larger"), lastRunMs: 9_000 });
    await queue.offer(run("first"));
    await queue.offer({ kind: "recheck", credentialId: "credential", dueAt: now });
    await queue.offer({ ...run("asked"), trigger: "manual", dueAt: now + 9_000 });
    assert.deepEqual(await keysOf(6), [
      "run:asked",
      "run:first",
      "run:later",
      "run:larger",
      "recheck:credential",
      undefined,
    ]);
  });

  test("a lane's jobs can be taken alone, and those of a credential left", async () => {
    await queue.offer({ ...run("huge"), lastRunMs: 60_000 });
    await queue.offer({ ...run("brief"), credentialId: "greedy" });
    await queue.offer({ ...run("other"), dueAt: now + 1_000 });
    assert.deepEqual(await keysOf(2, { lane: "brief", except: ["greedy"] }), ["run:other", undefined]);
    assert.deepEqual(await keysOf(2, { lane: "long", except: ["greedy"] }), ["run:huge", undefined]);
    assert.deepEqual(await keysOf(2), ["run:brief", undefined]);
  });

  test("a queue from an earlier start takes over the times of this one", async () => {
    await queue.stop();
    queue = createJobQueue({ db: opened.database, log: quietLog, ...times, heartbeatMs: 600_000 });
    await queue.start();
    const job = await takeOne("a");
    const { rows } = await sql<{ seconds: number }>`
      select heartbeat_seconds as seconds from pgboss.job where id = ${job.id}::uuid`.execute(
      opened.database.kysely,
    );
    assert.deepEqual(rows, [{ seconds: 600 }]);
  });
});
