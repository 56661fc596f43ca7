import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sql } from "kysely";
import { forEachDatabase, type OpenedDatabase } from "../../test/support/databases.ts";
import { isUniqueViolation } from "./index.ts";

forEachDatabase((open, kind) => {
  let opened: OpenedDatabase;
  before(async () => {
    opened = await open();
    await sql`create table samples (
      id bigint primary key, at timestamptz, day date, amount numeric, bytes bytea, body jsonb, name text unique
    )`.execute(opened.database.kysely);
  });
  after(() => opened.dispose());

  test("the engine is the one that was asked for, and answers", async () => {
    assert.equal(opened.database.kind, kind);
    await opened.database.ping();
  });

  test("values have the same JavaScript types on both engines", async () => {
    const { kysely } = opened.database;
    const at = new Date("2026-02-03T04:05:06.789Z");
    await sql`insert into samples values
      (${9007199254740991n}, ${at}, '2026-02-03', 1.50, ${Buffer.from([0, 255])}, ${JSON.stringify({ a: [1] })}, 'types')`.execute(
      kysely,
    );
    const { rows } = await sql`select id, at, day, amount, bytes, body, 9007199254740993::int8 as large,
      count(*) over () as rows from samples where name = 'types'`.execute(kysely);
    assert.deepEqual(rows, [
      {
        id: 9007199254740991,
        at,
        day: "2026-02-03",
        amount: "1.50",
        bytes: Buffer.from([0, 255]),
        body: { a: [1] },
        large: 9007199254740993n,
        rows: 1,
      },
    ]);
  });

  test("a unique violation reaches the caller with its constraint", async () => {
    const insert = () =>
      sql`insert into samples (id, name) values (900, 'twice')`.execute(opened.database.kysely);
    await insert();
    await assert.rejects(insert(), (error) => isUniqueViolation(error, "samples_pkey"));
  });

  test("the job queue's statements never land inside a transaction that is rolled back", async () => {
    const { kysely, jobs } = opened.database;
    const rounds = Array.from({ length: 40 }, async (_, round) => {
      const transaction = kysely.transaction().execute(async (trx) => {
        await sql`insert into samples (id) values (${10_000 + round})`.execute(trx);
        await sql`select 1`.execute(trx);
        if (round % 2) throw new Error("rolled back on purpose");
      });
      const job = jobs.executeSql("insert into samples (id) values ($1)", [20_000 + round]);
      const locked = jobs.executeSql(
        `begin; insert into samples (id) values (${30_000 + round}) returning id; commit`,
      );
      await Promise.allSettled([transaction, job, locked]);
      assert.deepEqual((await locked).rows, [{ id: 30_000 + round }]);
    });
    await Promise.all(rounds);
    const { rows } = await sql`select count(*) filter (where id >= 30000 and id < 40000) as locked,
      count(*) filter (where id >= 20000 and id < 30000) as jobs,
      count(*) filter (where id >= 10000 and id < 20000) as committed
      from samples`.execute(kysely);
    assert.deepEqual(rows, [{ locked: 40, jobs: 40, committed: 20 }]);
  });

  test("a failed statement of the job queue does not poison the connection", async () => {
    const { kysely, jobs } = opened.database;
    await assert.rejects(jobs.executeSql("begin; select 1/0; commit"));
    await assert.rejects(jobs.executeSql("select $1::int / 0", [1]));
    assert.deepEqual((await sql`select 1 as one`.execute(kysely)).rows, [{ one: 1 }]);
  });

  test("a failed transaction leaves nothing behind, and changed rows are counted", async () => {
    const { kysely } = opened.database;
    await assert.rejects(
      kysely.transaction().execute(async (trx) => {
        await sql`insert into samples (id, name) values (50000, 'gone')`.execute(trx);
        await sql`select 1/0`.execute(trx);
      }),
    );
    const update = await sql`update samples set day = null where id >= 30000 and id < 30005`.execute(kysely);
    assert.equal(update.numAffectedRows, 5n);
    assert.deepEqual((await sql`select 1 from samples where name = 'gone'`.execute(kysely)).rows, []);
  });
});
