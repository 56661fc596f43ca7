import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { sql } from "kysely";
import { forEachDatabase, type OpenedDatabase } from "../../test/support/databases.ts";
import { quietLog } from "../../test/support/quiet-log.ts";
import { createJobQueue, type Job, type JobQueue } from "./job-queue.ts";

const run = (integrationId: string) => ({ kind: "run", integrationId, trigger: "schedule" }) as const;
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
    const jobs = await queue.take(10);
    assert.deepEqual(
      jobs.map(({ data }) => data),
      [run(integrationId)],
    );
    return jobs[0]!;
  };

  /** As if nobody had spoken for the job for that long. */
  const age = (jobId: string, seconds: number) =>
    sql`update pgboss.job set heartbeat_on = heartbeat_on - ${seconds} * interval '1 second' where id = ${jobId}::uuid`.execute(
      opened.database.kysely,
    );

  /** Offers until it is taken; the queue looks for the dead once a second. */
  const freed = async (integrationId: string): Promise<boolean> => {
    for (let tries = 0; tries < 60; tries++) {
      if (await queue.offer(run(integrationId))) return true;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return false;
  };

  test("a key belongs to one job, waiting or under way, until that job is finished", async () => {
    assert.equal(await queue.offer(run("a")), true);
    assert.equal(await queue.offer(run("a")), false, "one is waiting");
    const [job] = await queue.take(1);
    assert.equal(await queue.offer(run("a")), false, "one is under way");
    await queue.finish(job!.id);
    assert.equal(await queue.offer(run("a")), true);
  });

  test("a job whose worker went silent is freed; one that is spoken for is not", async () => {
    const silent = await takeOne("silent");
    const kept = await takeOne("kept");
    await age(silent.id, 61);
    await age(kept.id, 50);
    await queue.keep([kept.id]);
    await age(kept.id, 50);
    assert.equal(await freed("silent"), true, "nobody has spoken for it for more than a minute");
    assert.equal(await queue.offer(run("kept")), false, "without the heartbeat it would be 100 s old");
  });

  test("the silent worker that comes back can finish without harm to who has the key now", async () => {
    const silent = await takeOne("a");
    await age(silent.id, 61);
    assert.equal(await freed("a"), true);
    await queue.keep([silent.id]);
    await queue.finish(silent.id);
    assert.equal(await queue.offer(run("a")), false, "the new job is still there");
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
