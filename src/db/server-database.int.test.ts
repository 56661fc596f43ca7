import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { sql } from "kysely";
import { createScratchDatabase, skipWithoutServer } from "../../test/support/databases.ts";
import { quietLog } from "../../test/support/quiet-log.ts";
import { startTcpProxy, type TcpProxy } from "../../test/support/tcp-proxy.ts";
import { systemClock } from "../base/index.ts";
import { type Database, openDatabase } from "./index.ts";

const options = { log: quietLog, clock: systemClock };

test("a server that is not there is store_unavailable, and the password is not repeated", async () => {
  const url = "postgres://user:p-secret@127.0.0.1:1/nowhere";
  await assert.rejects(openDatabase({ ...options, url }), (error: Error & { code?: string }) => {
    assert.equal(error.code, "store_unavailable");
    assert.ok(!error.message.includes("p-secret"));
    return true;
  });
});

describe("a server behind a line that breaks", { skip: skipWithoutServer }, () => {
  let scratch: Awaited<ReturnType<typeof createScratchDatabase>>;
  let proxy: TcpProxy;
  let database: Database;
  before(async () => {
    scratch = await createScratchDatabase();
    const url = new URL(scratch.url);
    proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port || 5432) });
    url.host = `127.0.0.1:${proxy.port}`;
    database = await openDatabase({ ...options, url: url.href, connectionsMax: 3 });
  });
  after(async () => {
    await database.close();
    await proxy.close();
    await scratch.drop();
  });

  test("statements, transactions and jobs fail as store_unavailable, and work again when it is back", async () => {
    const { kysely, jobs } = database;
    await sql`create table lines (x int)`.execute(kysely);
    for (let round = 0; round < 5; round++) {
      const sleeping = assert.rejects(sql`select pg_sleep(30)`.execute(kysely), {
        code: "store_unavailable",
      });
      const transaction = assert.rejects(
        kysely.transaction().execute(async (trx) => {
          await sql`insert into lines values (${round})`.execute(trx);
          await proxy.cut();
          await sql`select 1`.execute(trx);
        }),
        { code: "store_unavailable" },
      );
      await Promise.all([sleeping, transaction]);
      await assert.rejects(sql`select 1`.execute(kysely), { code: "store_unavailable" });
      await assert.rejects(jobs.executeSql("select 1"), { code: "store_unavailable" });
      await assert.rejects(database.ping(), { code: "store_unavailable" });
      await proxy.mend();
      await database.ping();
      assert.deepEqual((await sql`select x from lines`.execute(kysely)).rows, []);
    }
  });
});
