import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sql } from "kysely";
import { forEachDatabase, type OpenedDatabase } from "../../test/support/databases.ts";
import { createSettableClock } from "../../test/support/settable-clock.ts";
import { createChangeCounters } from "../db/index.ts";
import { createArrivals } from "./arrivals.ts";
import { createDirectory } from "./directory.ts";

const clock = createSettableClock(Date.UTC(2026, 10, 21));
const place = { region: "eu-west-1", accountId: "111122223333" };

forEachDatabase((open) => {
  let opened: OpenedDatabase;
  let statements: number;
  before(async () => {
    opened = await open();
  });
  after(() => opened.dispose());

  /** As each process has them. */
  function openProcess() {
    const { kysely } = opened.database;
    statements = 0;
    const counting = kysely.withPlugin({
      transformQuery: ({ node }) => {
        statements += 1;
        return node;
      },
      transformResult: async ({ result }) => result,
    });
    const counters = createChangeCounters({ kysely, clock });
    const arrivals = createArrivals(kysely);
    return {
      counters,
      arrivals,
      directory: createDirectory({ db: { kysely: counting }, counters, place, arrivals }),
    };
  }

  async function insertGroup(name: string): Promise<number> {
    const { rows } = await sql<{ id: number }>`
      insert into log_groups (name, created_at, bearer_enabled, deletion_protection, class, tags)
      values (${name}, now(), false, false, 'STANDARD', '{"team":"a"}') returning id`.execute(
      opened.database.kysely,
    );
    return rows[0]!.id;
  }

  async function insertStream(groupId: number, name: string): Promise<number> {
    const { rows } = await sql<{ id: number }>`
      insert into log_streams (group_id, name, created_at) values (${groupId}, ${name}, now()) returning id`.execute(
      opened.database.kysely,
    );
    return rows[0]!.id;
  }

  test("a group and its stream are read once, and again after a change of any process", async () => {
    const id = await insertGroup("/app/one");
    const streamId = await insertStream(id, "web");
    const [mine, other] = [openProcess(), openProcess()];
    const group = await mine.directory.find("/app/one");
    assert.deepEqual(group, {
      id,
      name: "/app/one",
      arn: "arn:aws:logs:eu-west-1:111122223333:log-group:/app/one",
      retentionDays: null,
      bearerEnabled: false,
      class: "STANDARD",
      tags: { team: "a" },
      deletedStreamIds: [],
    });
    assert.deepEqual(await mine.directory.findStream(group!, "web"), { id: streamId, name: "web" });
    const before = statements;
    await mine.directory.find("/app/one");
    await mine.directory.findStream(group!, "web");
    assert.equal(statements, before);

    await other.counters.change("logs", async (tx) => {
      await tx
        .updateTable("log_groups")
        .set({ bearer_enabled: true, retention_days: 7 })
        .where("id", "=", id)
        .execute();
      await tx
        .updateTable("log_streams")
        .set({ deleted_at: new Date() })
        .where("id", "=", streamId)
        .execute();
    });
    clock.advance(401);
    const changed = await mine.directory.find("/app/one");
    assert.equal(changed?.bearerEnabled, true);
    assert.equal(changed?.retentionDays, 7);
    assert.deepEqual(changed?.deletedStreamIds, [streamId]);
    assert.equal(await mine.directory.findStream(group!, "web"), undefined);
    assert.equal((await mine.directory.streamNames(group!, [streamId])).size, 0);
  });

  test("what did not exist is found once it is there, without a change being counted", async () => {
    const { directory } = openProcess();
    assert.equal(await directory.find("/late"), undefined);
    const id = await insertGroup("/late");
    const group = await directory.find("/late");
    assert.equal(group?.id, id);
    assert.equal(await directory.findStream(group!, "s"), undefined);
    const streamId = await insertStream(id, "s");
    assert.equal((await directory.findStream(group!, "s"))?.id, streamId);
    assert.deepEqual(
      await directory.streamNames(group!, [streamId, streamId, 999_999]),
      new Map([[streamId, "s"]]),
    );
  });

  test("a name that belongs to another group's stream is not found", async () => {
    const { directory } = openProcess();
    const [a, b] = [await insertGroup("/a"), await insertGroup("/b")];
    const streamId = await insertStream(a, "only-a");
    assert.equal((await directory.findStream({ id: a }, "only-a"))?.id, streamId);
    assert.equal(await directory.findStream({ id: b }, "only-a"), undefined);
    assert.equal((await directory.streamNames({ id: b }, [streamId])).size, 0);
  });

  test("arrivals widen what is known of a stream, in whatever order they are written", async () => {
    const { directory, arrivals } = openProcess();
    const streamId = await insertStream(await insertGroup("/arrivals"), "s");
    const read = () =>
      opened.database.kysely
        .selectFrom("log_streams")
        .select(["first_event_ms", "last_event_ms", "last_ingestion_ms"])
        .where("id", "=", streamId)
        .executeTakeFirst();
    directory.noteArrival(streamId, {
      first: 5_000_000_000_000,
      last: 6_000_000_000_000,
      ingestion: 7_000_000_000_000,
    });
    directory.noteArrival(streamId, {
      first: 5_500_000_000_000,
      last: 5_600_000_000_000,
      ingestion: 7_000_000_000_001,
    });
    await arrivals.flush();
    const wide = {
      first_event_ms: 5_000_000_000_000,
      last_event_ms: 6_000_000_000_000,
      last_ingestion_ms: 7_000_000_000_001,
    };
    assert.deepEqual(await read(), wide);
    directory.noteArrival(streamId, { first: 4, last: 4, ingestion: 4 });
    await arrivals.flush();
    assert.deepEqual(await read(), { ...wide, first_event_ms: 4 });
  });
});
