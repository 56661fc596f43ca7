import type { Kysely } from "kysely";
import { AppError } from "../base/index.ts";
import type { Tables } from "../db/index.ts";
import type { Caller } from "./dependencies.ts";
import { findIntegration } from "./integration-queries.ts";
import type { IntegrationRecord } from "./records.ts";

export async function getLive(db: Kysely<Tables>, id: string): Promise<IntegrationRecord> {
  const record = await findIntegration(db, id);
  if (!record || record.trashedAt !== null) throw notFound();
  return record;
}

export function notFound(): AppError {
  return new AppError("integration_not_found", { message: "The cloud integration does not exist." });
}

export function conflict(): AppError {
  return new AppError("version_conflict", {
    message:
      "The integration was changed since it was read. Read it again and repeat the change, or leave ifUpdatedEpochMillis out to overwrite.",
  });
}

/** Time goes forward by at least a millisecond with each change, so that no two changes look alike. */
export function touched(stored: IntegrationRecord, caller: Caller, now: number) {
  return { updatedAt: Math.max(now, stored.updatedAt + 1), updatedBy: caller.name };
}
