import { type Kysely, type Selectable, sql, type Transaction, type Updateable } from "kysely";
import { lockKeys, type Tables } from "../db/index.ts";
import type { TrailFeedPlace } from "../telemetry/index.ts";
import type { AdvancedSelector, BasicSelector, EventSelection } from "./selectors/selection.ts";

type Db = Kysely<Tables>;

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** Everything that was recorded up to there is delivered. */
export interface DeliveryPosition {
  readonly outcomes: TrailFeedPlace;
  /** Of calls without outcome, which are waited for. */
  readonly open: TrailFeedPlace;
}

export interface Pause {
  readonly fromMs: number;
  /** Null while the trail does not log. */
  readonly toMs: number | null;
}

export interface TrailRecord {
  readonly name: string;
  readonly bucket: string;
  readonly prefix: string | null;
  readonly includeGlobalServiceEvents: boolean;
  readonly isMultiRegion: boolean;
  /** Null when nobody has said anything. */
  readonly selection: EventSelection | null;
  readonly tags: readonly Tag[];
  readonly isLogging: boolean;
  readonly startedAt: Date | null;
  readonly stoppedAt: Date | null;
  readonly pauses: readonly Pause[];
  readonly position: DeliveryPosition | null;
  readonly attemptedAt: Date | null;
  readonly deliveredAt: Date | null;
  readonly deliveryError: string | null;
}

export async function listTrails(db: Db): Promise<TrailRecord[]> {
  const rows = await db.selectFrom("trails").selectAll().orderBy("name").execute();
  return rows.map(toRecord);
}

export async function findTrail(db: Db, name: string): Promise<TrailRecord | undefined> {
  const row = await db.selectFrom("trails").selectAll().where("name", "=", name).executeTakeFirst();
  return row && toRecord(row);
}

/** Until the transaction ends, nobody else makes a trail. */
export async function lockTrails(transaction: Transaction<Tables>): Promise<void> {
  await sql`select pg_advisory_xact_lock(${lockKeys.trails}::bigint)`.execute(transaction);
}

export interface NewTrail {
  readonly name: string;
  readonly bucket: string;
  readonly prefix: string | undefined;
  readonly includeGlobalServiceEvents: boolean;
  readonly isMultiRegion: boolean;
  readonly tags: readonly Tag[];
  readonly createdAtMs: number;
}

export async function insertTrail(db: Db, trail: NewTrail): Promise<void> {
  await db
    .insertInto("trails")
    .values({
      name: trail.name,
      s3_bucket_name: trail.bucket,
      s3_key_prefix: trail.prefix ?? null,
      include_global_service_events: trail.includeGlobalServiceEvents,
      is_multi_region: trail.isMultiRegion,
      event_selectors: null,
      advanced_event_selectors: null,
      tags: JSON.stringify(trail.tags),
      created_at: new Date(trail.createdAtMs),
      is_logging: false,
      logging_started_at: null,
      logging_stopped_at: null,
      pauses: "[]",
      position: null,
      attempted_at: null,
      delivered_at: null,
      delivery_error: null,
      leased_by: null,
      lease_until: null,
    })
    .execute();
}

/**
 * Reads the trail, and writes the columns that `change` makes of it while nobody else changes it. Undefined when there is no such
 * trail, else the trail as it is afterwards.
 */
export async function changeTrail(
  db: Db,
  name: string,
  change: (trail: TrailRecord) => Updateable<Tables["trails"]> | undefined,
): Promise<TrailRecord | undefined> {
  return db.transaction().execute(async (transaction) => {
    const row = await transaction
      .selectFrom("trails")
      .selectAll()
      .where("name", "=", name)
      .forUpdate()
      .executeTakeFirst();
    if (!row) return undefined;
    const columns = change(toRecord(row));
    if (!columns || Object.keys(columns).length === 0) return toRecord(row);
    return toRecord(
      await transaction
        .updateTable("trails")
        .set(columns)
        .where("name", "=", name)
        .returningAll()
        .executeTakeFirstOrThrow(),
    );
  });
}

/** False when there was none. */
export async function deleteTrail(db: Db, name: string): Promise<boolean> {
  const result = await db.deleteFrom("trails").where("name", "=", name).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

export function selectionColumns({ kind, selectors }: EventSelection): Updateable<Tables["trails"]> {
  const text = JSON.stringify(selectors);
  return {
    event_selectors: kind === "basic" ? text : null,
    advanced_event_selectors: kind === "advanced" ? text : null,
  };
}

/** Names of trails that have logged and that nobody is delivering. */
export async function deliverableTrails(db: Db, nowMs: number): Promise<string[]> {
  const rows = await db
    .selectFrom("trails")
    .select("name")
    .where("position", "is not", null)
    .where((is) => is.or([is("lease_until", "is", null), is("lease_until", "<", new Date(nowMs))]))
    .orderBy("name")
    .execute();
  return rows.map(({ name }) => name);
}

/** Takes the lease when it is free; the trail as it is then. */
export async function claimTrail(
  db: Db,
  name: string,
  lease: { holder: string; nowMs: number; untilMs: number },
): Promise<TrailRecord | undefined> {
  const row = await db
    .updateTable("trails")
    .set({ leased_by: lease.holder, lease_until: new Date(lease.untilMs) })
    .where("name", "=", name)
    .where((is) => is.or([is("lease_until", "is", null), is("lease_until", "<", new Date(lease.nowMs))]))
    .returningAll()
    .executeTakeFirst();
  return row && toRecord(row);
}

/** False when the lease was lost; nothing is written then. */
export async function recordDelivery(
  db: Db,
  name: string,
  holder: string,
  values: Updateable<Tables["trails"]>,
): Promise<boolean> {
  const result = await db
    .updateTable("trails")
    .set(values)
    .where("name", "=", name)
    .where("leased_by", "=", holder)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

function toRecord(row: Selectable<Tables["trails"]>): TrailRecord {
  return {
    name: row.name,
    bucket: row.s3_bucket_name,
    prefix: row.s3_key_prefix,
    includeGlobalServiceEvents: row.include_global_service_events,
    isMultiRegion: row.is_multi_region,
    selection: toSelection(row),
    tags: row.tags,
    isLogging: row.is_logging,
    startedAt: row.logging_started_at,
    stoppedAt: row.logging_stopped_at,
    pauses: row.pauses,
    position: row.position as DeliveryPosition | null,
    attemptedAt: row.attempted_at,
    deliveredAt: row.delivered_at,
    deliveryError: row.delivery_error,
  };
}

function toSelection(row: Selectable<Tables["trails"]>): EventSelection | null {
  if (row.event_selectors !== null)
    return { kind: "basic", selectors: row.event_selectors as BasicSelector[] };
  if (row.advanced_event_selectors !== null)
    return { kind: "advanced", selectors: row.advanced_event_selectors as AdvancedSelector[] };
  return null;
}
