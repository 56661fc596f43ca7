/** Writes `src/db/schema.sql`: the schema that all migrations together make. Part of `npm run generate`. */
import { writeFile } from "node:fs/promises";
import { createLog, systemClock } from "../src/base/index.ts";
import { dumpSchema, openDatabase } from "../src/db/index.ts";

const database = await openDatabase({ log: createLog({ level: "warn" }), clock: systemClock });
try {
  await writeFile(new URL("../src/db/schema.sql", import.meta.url), await dumpSchema(database.kysely));
} finally {
  await database.close();
}
