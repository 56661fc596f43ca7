import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { forEachDatabase, type OpenedDatabase } from "../../test/support/databases.ts";
import { quietLog } from "../../test/support/quiet-log.ts";
import { systemClock, systemRandom } from "../base/index.ts";
import { cloudIntegrationInput, type Run } from "../contract/index.ts";
import { type AwsSession, createIntegrations, type Integrations } from "../integrations/index.ts";
import { type Collector, type CollectorDeps, type CollectorOptions, createCollector } from "./index.ts";

type Collect = ReturnType<NonNullable<CollectorDeps["typeOf"]>>["collect"];

const session: AwsSession = {
  region: "us-east-1",
  client: () => assert.fail("nobody is asked"),
  identity: async () => ({ accountId: "222222222222", arn: "arn:aws:sts::222222222222:x", userId: "" }),
  withAccounting: () => session,
};
const credentials = {
  open: async () => session,
  openDefault: async () => session,
  get: async (id: string) => ({ id, name: "keys" }),
  recheckDue: async () => [],
  recheck: async () => {},
};
const done = { problems: [], someComplete: true, someStored: false, behind: false };

/** Until the run is ended from outside. */
const hang = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

forEachDatabase((open, kind) => {
  let opened: OpenedDatabase;
  let integrations: Integrations;
  let collectors: Collector[];
  before(async () => {
    opened = await open();
  });
  after(() => opened.dispose());
  beforeEach(() => {
    collectors = [];
    integrations = createIntegrations({
      db: opened.database,
      credentials: { ...credentials, registerUsers: () => {} },
      externalIds: { exists: async () => true, markUsed: async () => {}, registerUsage: () => {} },
      classify: () => assert.fail("nothing fails"),
      clock: systemClock,
      random: systemRandom,
      log: quietLog,
    });
  });
  afterEach(async () => {
    await Promise.all(collectors.map((collector) => collector.stop()));
    await opened.database.kysely.deleteFrom("integrations").execute();
  });

  async function start(collect: Collect, options: Partial<CollectorOptions> = {}): Promise<Collector> {
    const collector = createCollector({
      db: opened.database,
      integrations,
      credentials,
      metrics: {
        merge: async () => ({ points: 0, added: 0, changed: 0 }),
        forget: () => {},
        findMetrics: async (_, page) => ({ ...page, items: [], totalItems: 0, moreItems: false }),
      },
      typeOf: () => ({ checkPatterns: () => {}, collect }),
      classify: () => assert.fail("nothing fails"),
      clock: systemClock,
      random: systemRandom,
      log: quietLog,
      workerId: systemRandom.uuid(),
      options: { tickMs: 20, drainMs: 50, ...options },
    });
    collectors.push(collector);
    await collector.start();
    return collector;
  }

  async function create(name: string): Promise<string> {
    const roleArn = "arn:aws:iam::222222222222:role/Read";
    const input = cloudIntegrationInput.parse({
      name,
      service: "CLOUDWATCH",
      cloudWatch: { baseCredentials: { roleArn, externalId: "AbCdEfGh12345678" } },
    });
    return (await integrations.create(input, { name: "test" })).id;
  }

  const runsOf = async (integrationId: string): Promise<Run[]> =>
    (await integrations.runs.list({ integrationId, offset: 0, limit: 50 })).items;

  async function eventually<T>(probe: () => Promise<T | undefined | false>): Promise<T> {
    const deadline = performance.now() + 10_000;
    for (;;) {
      const found = await probe();
      if (found) return found;
      assert.ok(performance.now() < deadline, "waited 10 s in vain");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  test("runs that hang in all places keep no other from running", async () => {
    const hanging = new Set<string>();
    for (let number = 0; number < 4; number++) hanging.add(await create(`hangs ${number}`));
    await start(async ({ integration, signal }) => (hanging.has(integration.id) ? hang(signal) : done), {
      runsAtOnce: 4,
      longAfterMs: 200,
    });
    await eventually(async () => {
      const states = await Promise.all([...hanging].map(runsOf));
      return states.every(([run]) => run?.state === "running");
    });
    const others = [await create("works"), await create("works too")];
    for (const id of others) await eventually(async () => (await runsOf(id))[0]?.state === "succeeded");
    for (const id of hanging) assert.equal((await runsOf(id))[0]?.state, "running");
  });

  test("an integration that is behind goes round with the others instead of ahead of them", async () => {
    const behind = await create("behind");
    const order: string[] = [];
    const collect: Collect = async ({ integration, clock }) => {
      order.push(integration.id);
      await clock.sleep(10);
      return { ...done, behind: integration.id === behind };
    };
    const collector = await start(collect, { runsAtOnce: 1 });
    await eventually(async () => order.length >= 3);
    const others = new Set<string>();
    for (let number = 0; number < 5; number++) others.add(await create(`other ${number}`));
    await eventually(async () => [...others].every((id) => order.includes(id)));
    await collector.stop();
    const first = order.findIndex((id) => others.has(id));
    const last = Math.max(...[...others].map((id) => order.indexOf(id)));
    // They came over some time, so a few runs of the one that is behind may lie between them.
    assert.ok(last - first <= 2 * others.size, `${last - first} runs until all five others had one`);
  });

  test("the next turn is the integration's own place in the interval, and the queue holds what the turn was", async () => {
    const id = await create("usual");
    const collector = await start(async () => done);
    await eventually(async () => (await runsOf(id))[0]?.state === "succeeded");
    await collector.stop();
    const summary = await integrations.summaries.get(id);
    const inMs = Date.parse(summary.nextRunAt ?? "") - Date.now();
    assert.ok(inMs > 1 * 60_000 && inMs < 6.25 * 60_000, `${inMs}`);
  });

  test("a worker that stopped while it moves a turn, or writes of a run, holds up no other", {
    skip: kind === "embedded" && "the embedded database has one connection, and one process",
  }, async () => {
    const id = await create("usual");
    const runId = await integrations.runs.begin({
      integrationId: id,
      jobId: "j",
      trigger: "schedule",
      workerId: "stopped",
      leaseMs: -1,
    });
    const [due] = await integrations.ledger.due(10);
    assert.ok(due && runId);
    await opened.database.kysely.transaction().execute(async (stopped) => {
      await stopped.selectFrom("integrations").select("id").where("id", "=", id).forUpdate().execute();
      await stopped.selectFrom("runs").select("id").where("id", "=", runId).forShare().execute();
      assert.equal(await integrations.ledger.claim(due, due.nextRunAt + 60_000), false);
      assert.deepEqual(await integrations.runs.abandon("expired"), []);
    });
    assert.equal(await integrations.ledger.claim(due, due.nextRunAt + 60_000), true);
    assert.equal((await integrations.runs.abandon("expired")).length, 1);
  });

  test("how long the last run took is known when the next is due, unless it was abandoned", async () => {
    const id = await create("usual");
    const dueAgain = () =>
      opened.database.kysely
        .updateTable("integrations")
        .set({ next_run_at: new Date(systemClock.now() - 1_000) })
        .where("id", "=", id)
        .execute();
    const lastRunMs = async () => (await integrations.ledger.due(10)).map((due) => due.lastRunMs);
    assert.deepEqual(await lastRunMs(), [null]);
    const collector = await start(async ({ clock }) => {
      await clock.sleep(120);
      return done;
    });
    await eventually(async () => (await runsOf(id))[0]?.state === "succeeded");
    await collector.stop();
    await dueAgain();
    const [took] = await lastRunMs();
    assert.ok(took && took >= 120 && took < 10_000, `${took}`);
    await integrations.runs.begin({
      integrationId: id,
      jobId: "j",
      trigger: "schedule",
      workerId: "dead",
      leaseMs: -1,
    });
    await integrations.runs.abandon("expired");
    assert.deepEqual(await lastRunMs(), [took]);
  });
});
