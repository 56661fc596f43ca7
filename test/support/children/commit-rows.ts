import { sql } from "kysely";
import { createLog, systemClock } from "../../../src/base/index.ts";
import { openDatabase } from "../../../src/db/index.ts";

/** Commits rows as fast as it can and prints the number of each one after its commit. */
export async function run([directory = "", first = "0", count = "1000000"]: string[]): Promise<void> {
  const database = await openDatabase({ directory, log: createLog({ level: "warn" }), clock: systemClock });
  await sql`create table if not exists kill_rows (id integer primary key, text text not null)`.execute(
    database.kysely,
  );
  console.log("ready");
  const last = Number(first) + Number(count);
  for (let id = Number(first); id < last; id += 2) {
    // Two rows in one transaction: after a kill both are there or none is.
    await database.kysely.transaction().execute(async (transaction) => {
      for (const row of [id, id + 1]) {
        await sql`insert into kill_rows (id, text) values (${row}, ${`row ${row} `.repeat(20)})`.execute(
          transaction,
        );
      }
    });
    console.log(`committed ${id}`);
  }
  await database.close();
  console.log("closed");
}
