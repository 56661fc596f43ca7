import type { Kysely } from "kysely";
import type {
  ConnectionTestRecord,
  ConnectionTestResult,
  ConnectionTestTrigger,
} from "../../contract/index.ts";
import type { Tables } from "../../db/index.ts";
import type { StoredCredential } from "./stored.ts";

type Executor = Kysely<Tables>;

/** Enough to see when a credential broke, and few enough that a re-check every hour does not fill the database. */
export const keptTests = 20;

/**
 * Stores a test's result on the record and in its history, unless the record was changed meanwhile: then the result is
 * about something that no longer is.
 */
export async function storeTest(
  executor: Executor,
  tested: StoredCredential,
  result: ConnectionTestResult,
  trigger: ConnectionTestTrigger,
): Promise<void> {
  await executor.transaction().execute(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable("credentials")
      .set({
        status: result.overall,
        tested_at: new Date(result.testedAt),
        last_test: JSON.stringify(result),
      })
      .where("id", "=", tested.id)
      .where("version", "=", tested.version)
      .executeTakeFirst();
    if (Number(numUpdatedRows) === 0) return;
    await transaction
      .insertInto("credential_tests")
      .values(rowOf(tested.id, result, trigger))
      .execute();
    await forgetOldTests(transaction, tested.id);
  });
}

/** Newest first. */
export async function listTests(executor: Executor, credentialId: string): Promise<ConnectionTestRecord[]> {
  const rows = await executor
    .selectFrom("credential_tests")
    .selectAll()
    .where("credential_id", "=", credentialId)
    .orderBy("id", "desc")
    .limit(keptTests)
    .execute();
  return rows.map((row) => ({
    overall: row.overall,
    trigger: row.started_by,
    testedAt: row.tested_at.toISOString(),
    tookMs: row.took_ms,
    failedStep: row.failed_step as ConnectionTestRecord["failedStep"],
  }));
}

function rowOf(credentialId: string, result: ConnectionTestResult, trigger: ConnectionTestTrigger) {
  const failed = result.steps.find((step) => step.outcome === "failed");
  return {
    credential_id: credentialId,
    overall: result.overall,
    started_by: trigger,
    tested_at: new Date(result.testedAt),
    took_ms: result.tookMs,
    failed_step: failed
      ? JSON.stringify({
          id: failed.id,
          title: failed.title,
          cause: failed.cause,
          rawCode: failed.rawCode,
          message: failed.message,
        })
      : null,
  };
}

async function forgetOldTests(executor: Executor, credentialId: string): Promise<void> {
  const kept = executor
    .selectFrom("credential_tests")
    .select("id")
    .where("credential_id", "=", credentialId)
    .orderBy("id", "desc")
    .limit(keptTests);
  await executor
    .deleteFrom("credential_tests")
    .where("credential_id", "=", credentialId)
    .where("id", "not in", kept)
    .execute();
}
