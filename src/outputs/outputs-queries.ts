import { type Kysely, type Selectable, sql, type Updateable } from "kysely";
import type { MetricNaming, OutputKind } from "../contract/index.ts";
import type { Tables } from "../db/index.ts";
import type { FeedPosition } from "../telemetry/index.ts";

type Db = Kysely<Tables>;

/** A stretch of time that is being sent: where it ends and how far the sending is. */
export interface Position {
  /** Epoch milliseconds. */
  readonly upTo: number;
  readonly leaveOutChanges: boolean;
  /** The slice of time that is being sent, in epoch seconds; without an end, the next one is to be found from there on. */
  readonly from: number;
  readonly to: number | null;
  readonly behind: FeedPosition | null;
  /** Points of the stretch that are dealt with. */
  readonly done: number;
}

export interface Target {
  readonly integrationId: string;
  readonly kind: OutputKind;
  readonly url: string;
  readonly sendChanges: boolean;
  readonly headerNames: readonly string[];
  readonly hasAuthorization: boolean;
  readonly secretVersion: number;
  /** Epoch milliseconds. */
  readonly sentTo: number;
  readonly position: Position | null;
  readonly sentPoints: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly lastSentAt: Date | null;
  readonly lastError: string | null;
  readonly lastErrorAt: Date | null;
  readonly failures: number;
  readonly retryAt: Date | null;
  readonly leaseUntil: Date | null;
}

export interface StoredOutputs {
  readonly openMetrics: boolean;
  readonly naming: MetricNaming;
  readonly targets: readonly Target[];
}

export async function findOutputs(db: Db, integrationId: string): Promise<StoredOutputs | undefined> {
  const row = await db
    .selectFrom("metric_outputs")
    .selectAll()
    .where("integration_id", "=", integrationId)
    .executeTakeFirst();
  if (!row) return undefined;
  const targets = await db
    .selectFrom("metric_output_targets")
    .selectAll()
    .where("integration_id", "=", integrationId)
    .execute();
  return { openMetrics: row.open_metrics, naming: row.naming, targets: targets.map(toTarget) };
}

/** The same, and keeps others from changing it until the transaction ends. */
export async function lockOutputs(
  db: Db,
  integrationId: string,
  initial: { naming: MetricNaming; now: number; by: string },
): Promise<StoredOutputs> {
  await db
    .insertInto("metric_outputs")
    .values({
      integration_id: integrationId,
      open_metrics: false,
      naming: JSON.stringify(initial.naming),
      updated_at: new Date(initial.now),
      updated_by: initial.by,
    })
    .onConflict((conflict) => conflict.column("integration_id").doNothing())
    .execute();
  await sql`select 1 from metric_outputs where integration_id = ${integrationId} for update`.execute(db);
  return (await findOutputs(db, integrationId)) as StoredOutputs;
}

export async function saveOutputs(
  db: Db,
  integrationId: string,
  values: { openMetrics: boolean; naming: MetricNaming; now: number; by: string },
): Promise<void> {
  await db
    .updateTable("metric_outputs")
    .set({
      open_metrics: values.openMetrics,
      naming: JSON.stringify(values.naming),
      updated_at: new Date(values.now),
      updated_by: values.by,
    })
    .where("integration_id", "=", integrationId)
    .execute();
}

export interface TargetSettings {
  readonly url: string;
  readonly sendChanges: boolean;
  readonly headerNames: readonly string[];
  readonly hasAuthorization: boolean;
  readonly secretVersion: number;
}

/** A sending that is under way loses its lease, so that nothing goes out by the old settings any more. */
export async function saveTarget(
  db: Db,
  integrationId: string,
  kind: OutputKind,
  settings: TargetSettings,
  sentTo: number,
): Promise<void> {
  const columns = {
    url: settings.url,
    send_changes: settings.sendChanges,
    header_names: JSON.stringify(settings.headerNames),
    has_authorization: settings.hasAuthorization,
    secret_version: settings.secretVersion,
    failures: 0,
    retry_at: null,
    leased_by: null,
    lease_until: null,
  };
  await db
    .insertInto("metric_output_targets")
    .values({
      integration_id: integrationId,
      kind,
      ...columns,
      sent_to: new Date(sentTo),
      position: null,
      sent_points: 0,
      dropped: "{}",
      last_sent_at: null,
      last_error: null,
      last_error_at: null,
    })
    .onConflict((conflict) => conflict.columns(["integration_id", "kind"]).doUpdateSet(columns))
    .execute();
}

export async function deleteTarget(db: Db, integrationId: string, kind: OutputKind): Promise<void> {
  await db
    .deleteFrom("metric_output_targets")
    .where("integration_id", "=", integrationId)
    .where("kind", "=", kind)
    .execute();
}

/** Every target, with the end of the first run whose points are not sent, in epoch milliseconds. */
export async function listWaiting(
  db: Db,
): Promise<(Target & { readonly waitingSince: number | undefined })[]> {
  const rows = await db
    .selectFrom("metric_output_targets as target")
    .selectAll("target")
    .select((is) =>
      is
        .selectFrom("runs")
        .select((run) => run.fn.min("runs.finished_at").as("first"))
        .whereRef("runs.integration_id", "=", "target.integration_id")
        .whereRef("runs.finished_at", ">", "target.sent_to")
        .as("waiting_since"),
    )
    .execute();
  return rows.map((row) => ({ ...toTarget(row), waitingSince: row.waiting_since?.getTime() }));
}

/** Ends of the newest runs that are over, newest first, in epoch milliseconds. */
export async function lastRunEnds(db: Db, integrationId: string): Promise<number[]> {
  const rows = await db
    .selectFrom("runs")
    .select("finished_at")
    .where("integration_id", "=", integrationId)
    .where("finished_at", "is not", null)
    .orderBy("finished_at", "desc")
    .limit(2)
    .execute();
  return rows.map(({ finished_at }) => (finished_at as Date).getTime());
}

/**
 * Targets with something to send that nobody is sending to; those that were left alone for longest come first. It looks at
 * the runs itself, because asking for the last run of every target would be as many statements every few seconds.
 */
export async function dueTargets(
  db: Db,
  now: number,
  limit: number,
): Promise<{ integrationId: string; kind: OutputKind }[]> {
  const at = new Date(now);
  const rows = await db
    .selectFrom("metric_output_targets as target")
    .select(["target.integration_id", "target.kind"])
    .where((is) => is.or([is("retry_at", "is", null), is("retry_at", "<=", at)]))
    .where((is) => is.or([is("lease_until", "is", null), is("lease_until", "<", at)]))
    .where((is) =>
      is.or([
        is("position", "is not", null),
        is.exists(
          is
            .selectFrom("runs")
            .select("runs.id")
            .whereRef("runs.integration_id", "=", "target.integration_id")
            .whereRef("runs.finished_at", ">", "target.sent_to"),
        ),
      ]),
    )
    .orderBy(sql`last_sent_at nulls first`)
    .limit(limit)
    .execute();
  return rows.map((row) => ({ integrationId: row.integration_id, kind: row.kind }));
}

/** Takes the lease when it is free; the target as it is then. */
export async function claimTarget(
  db: Db,
  key: { integrationId: string; kind: OutputKind },
  lease: { holder: string; now: number; until: number },
): Promise<Target | undefined> {
  const row = await db
    .updateTable("metric_output_targets")
    .set({ leased_by: lease.holder, lease_until: new Date(lease.until) })
    .where("integration_id", "=", key.integrationId)
    .where("kind", "=", key.kind)
    .where((is) => is.or([is("lease_until", "is", null), is("lease_until", "<", new Date(lease.now))]))
    .returningAll()
    .executeTakeFirst();
  return row && toTarget(row);
}

/** False when the lease was lost; nothing is written then. */
export async function recordProgress(
  db: Db,
  key: { integrationId: string; kind: OutputKind },
  holder: string,
  values: Updateable<Tables["metric_output_targets"]>,
): Promise<boolean> {
  const result = await db
    .updateTable("metric_output_targets")
    .set(values)
    .where("integration_id", "=", key.integrationId)
    .where("kind", "=", key.kind)
    .where("leased_by", "=", holder)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Forgets the outputs of integrations that are gone for good; their ids, so that their secrets can go too. */
export async function deleteOrphans(db: Db): Promise<string[]> {
  const rows = await db
    .deleteFrom("metric_outputs")
    .where((is) =>
      is.not(
        is.exists(
          is
            .selectFrom("integrations")
            .select("integrations.id")
            .whereRef("integrations.id", "=", "metric_outputs.integration_id"),
        ),
      ),
    )
    .returning("integration_id")
    .execute();
  return rows.map((row) => row.integration_id);
}

function toTarget(row: Selectable<Tables["metric_output_targets"]>): Target {
  return {
    integrationId: row.integration_id,
    kind: row.kind,
    url: row.url,
    sendChanges: row.send_changes,
    headerNames: row.header_names,
    hasAuthorization: row.has_authorization,
    secretVersion: row.secret_version,
    sentTo: row.sent_to.getTime(),
    position: row.position as Position | null,
    sentPoints: row.sent_points,
    dropped: row.dropped,
    lastSentAt: row.last_sent_at,
    lastError: row.last_error,
    lastErrorAt: row.last_error_at,
    failures: row.failures,
    retryAt: row.retry_at,
    leaseUntil: row.lease_until,
  };
}
