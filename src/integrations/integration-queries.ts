import { type Kysely, type Selectable, sql, type Updateable } from "kysely";
import type { CloudService, WireEvent } from "../contract/index.ts";
import type { Tables } from "../db/index.ts";
import type { IntegrationRecord, IntegrationSettings, Pause } from "./records.ts";

type Row = Selectable<Tables["integrations"]>;
type Db = Kysely<Tables>;

/** All integrations in or out of the trash, oldest first; the order is the same every time. */
export async function findIntegrations(db: Db, options: { trashed: boolean }): Promise<IntegrationRecord[]> {
  const rows = await db
    .selectFrom("integrations")
    .selectAll()
    .where("trashed_at", options.trashed ? "is not" : "is", null)
    .orderBy("created_at")
    .orderBy("id")
    .execute();
  return rows.map(toRecord);
}

export async function findIntegration(db: Db, id: string): Promise<IntegrationRecord | undefined> {
  // What is not a UUID cannot be compared with one, and is nobody's id.
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return undefined;
  const row = await db.selectFrom("integrations").selectAll().where("id", "=", id).executeTakeFirst();
  return row && toRecord(row);
}

export async function findUsers(
  db: Db,
  by: { credentialId: string } | { externalId: string },
): Promise<{ kind: "integration"; id: string; name: string }[]> {
  const query = db.selectFrom("integrations").select(["id", "name"]).orderBy("created_at").orderBy("id");
  const rows = await ("credentialId" in by
    ? query.where("credential_id", "=", by.credentialId)
    : query.where((is) =>
        is.or([
          is("external_id", "=", by.externalId),
          sql<boolean>`config @> ${JSON.stringify({ accounts: [{ externalId: by.externalId }] })}::jsonb`,
          sql<boolean>`config @> ${JSON.stringify({ organization: { externalId: by.externalId } })}::jsonb`,
        ]),
      )
  ).execute();
  return rows.map((row) => ({ kind: "integration", ...row }));
}

export async function insertIntegration(db: Db, record: IntegrationRecord): Promise<void> {
  await db.insertInto("integrations").values(toRow(record)).execute();
}

/** False when the integration was changed since `was` was read; nothing is written then. */
export async function replaceIntegration(
  db: Db,
  was: Pick<IntegrationRecord, "id" | "updatedAt">,
  values: Updateable<Tables["integrations"]>,
): Promise<boolean> {
  const result = await db
    .updateTable("integrations")
    .set(values)
    .where("id", "=", was.id)
    .where("updated_at", "=", new Date(was.updatedAt))
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function deleteIntegration(db: Db, id: string): Promise<void> {
  await db.deleteFrom("integrations").where("id", "=", id).execute();
}

/** The columns a person decides about; an update must not touch the others, which runs write at the same time. */
export function toSettingsRow(settings: IntegrationSettings) {
  return {
    name: settings.name,
    service: settings.service,
    config: JSON.stringify(settings.config),
    role_arn: settings.roleArn,
    external_id: settings.externalId,
    credential_id: settings.credentialId,
    reuse_external_id_credential: settings.reuseExternalIdCredential,
    additional_tags: JSON.stringify(settings.additionalTags),
    refresh_minutes: settings.refreshMinutes,
  };
}

function toRow(record: IntegrationRecord) {
  return {
    id: record.id,
    ...toSettingsRow(record),
    disabled: record.disabled,
    disabled_by_error: record.disabledByError,
    trashed_at: date(record.trashedAt),
    created_at: new Date(record.createdAt),
    created_by: record.createdBy,
    updated_at: new Date(record.updatedAt),
    updated_by: record.updatedBy,
    last_received_point_at: date(record.lastReceivedPointAt),
    last_metric_count: record.lastMetricCount,
    last_processed_at: date(record.lastProcessedAt),
    last_processor_id: record.lastProcessorId,
    last_error: record.lastError,
    last_error_at: date(record.lastErrorAt),
    last_error_event: record.lastErrorEvent && JSON.stringify(record.lastErrorEvent),
    consecutive_failures: record.consecutiveFailures,
    next_run_at: date(record.nextRunAt),
    ...pauseColumns(record.pause),
  };
}

export function toRecord(row: Row): IntegrationRecord {
  return {
    id: row.id,
    name: row.name,
    service: row.service as CloudService,
    config: row.config,
    roleArn: row.role_arn,
    externalId: row.external_id,
    credentialId: row.credential_id,
    reuseExternalIdCredential: row.reuse_external_id_credential,
    additionalTags: row.additional_tags,
    refreshMinutes: row.refresh_minutes,
    disabled: row.disabled,
    disabledByError: row.disabled_by_error,
    trashedAt: millis(row.trashed_at),
    createdAt: row.created_at.getTime(),
    createdBy: row.created_by,
    updatedAt: row.updated_at.getTime(),
    updatedBy: row.updated_by,
    lastReceivedPointAt: millis(row.last_received_point_at),
    lastMetricCount: row.last_metric_count,
    lastProcessedAt: millis(row.last_processed_at),
    lastProcessorId: row.last_processor_id,
    lastError: row.last_error,
    lastErrorAt: millis(row.last_error_at),
    lastErrorEvent: row.last_error_event as WireEvent | null,
    consecutiveFailures: row.consecutive_failures,
    nextRunAt: millis(row.next_run_at),
    pause: toPause(row),
  };
}

export function pauseColumns(pause: Pause | null) {
  return {
    paused_until: date(pause?.until ?? null),
    paused_reason: pause?.reason ?? null,
    paused_by: pause?.by ?? null,
  };
}

function toPause({ paused_until: until, paused_reason: reason, paused_by: by }: Row): Pause | null {
  if (until === null || by === null) return null;
  return { until: until.getTime(), reason: reason ?? "", by };
}

export function date(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}

export function millis(time: Date | null): number | null {
  return time === null ? null : time.getTime();
}
