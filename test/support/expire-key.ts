import { systemClock } from "../../src/base/index.ts";
import { openDatabase } from "../../src/db/index.ts";
import { quietLog } from "./quiet-log.ts";

/** Lets a key have expired a second ago, in the data of a server that is not running: no key can be made to live less than a day. */
export async function expireKey(directory: string, keyId: string): Promise<void> {
  const database = await openDatabase({ directory, log: quietLog, clock: systemClock });
  try {
    const { numUpdatedRows } = await database.kysely
      .updateTable("service_specific_credentials")
      .set({ expires_at: new Date(Date.now() - 1000) })
      .where("credential_id", "=", keyId)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows !== 1n) throw new Error(`There is no key ${keyId}.`);
  } finally {
    await database.close();
  }
}
