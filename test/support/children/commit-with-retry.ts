import { sql } from "kysely";
import { type AppError, createLog, systemClock } from "../../../src/base/index.ts";
import { openDatabase } from "../../../src/db/index.ts";

/** Commits a few rows one by one; a failure is printed, and the next row is tried until the store is back. */
export async function run([directory = ""]: string[]): Promise<void> {
  const database = await openDatabase({ directory, log: createLog({ level: "silent" }), clock: systemClock });
  await sql`create table if not exists kill_rows (id integer primary key, text text not null)`.execute(
    database.kysely,
  );
  let failures = 0;
  for (let id = 500_000; id < 500_024; id += 2) {
    try {
      await sql`insert into kill_rows (id, text) values (${id}, 'a'), (${id + 1}, 'b')`.execute(
        database.kysely,
      );
      console.log(`committed ${id}`);
    } catch (error) {
      failures++;
      console.log(`failed ${id} ${(error as AppError).code}`);
      if (failures > 20) throw error;
      await systemClock.sleep(2_100);
    }
  }
  await database.close();
  console.log("closed");
}
