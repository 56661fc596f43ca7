import { type Insertable, type Kysely, type Selectable, sql, type Transaction } from "kysely";
import type { Clock, Random } from "../../base/index.ts";
import type { OwedReason } from "../../contract/index.ts";
import type { Tables } from "../../db/index.ts";
import {
  type BookEntry,
  type Books,
  type Listing,
  type NewOwed,
  type Owed,
  type Position,
  RunLostError,
  type Trouble,
} from "../types/integration-type.ts";

type Db = Kysely<Tables>;

/**
 * More than any account owes: its regions and kinds, each with a few windows. Beyond it the oldest are dealt with first and
 * the rest comes to light as those are paid.
 */
const owedMax = 10_000;

/** The books of one integration, written by one run: what that run changes counts only while it is under way. */
export function openBooks(
  deps: { db: Db; clock: Clock; random: Random },
  integrationId: string,
  runId: string,
): Books {
  const { db } = deps;
  const write = <T>(work: (transaction: Transaction<Tables>) => Promise<T>) =>
    db.transaction().execute(async (transaction) => {
      await assertRunning(transaction, runId);
      return work(transaction);
    });
  let active: Promise<string[]> | undefined;
  return {
    position: async (scope) => {
      const row = await scopeRow(db, integrationId, scope);
      return row && toPosition(row);
    },
    owed: async (scope) => {
      const rows = await db
        .selectFrom("owed_windows")
        .selectAll()
        .where("integration_id", "=", integrationId)
        .where("scope", "=", scope)
        .orderBy("window_from")
        .orderBy("id")
        .limit(owedMax)
        .execute();
      return rows.map(toOwed);
    },
    record: (scope, entry) =>
      write((transaction) => record({ ...deps, db: transaction }, integrationId, scope, entry)),
    knownMetrics: async (scope) => {
      const row = await db
        .selectFrom("checkpoints")
        .select("known_metrics")
        .where("integration_id", "=", integrationId)
        .where("scope", "=", scope)
        .executeTakeFirst();
      return row?.known_metrics ?? undefined;
    },
    noteListing: (scope, listing, knownMetrics) =>
      write(async (transaction) => {
        await transaction
          .updateTable("checkpoints")
          .set({ listing: JSON.stringify(listing), known_metrics: knownMetrics })
          .where("integration_id", "=", integrationId)
          .where("scope", "=", scope)
          .execute();
      }),
    retire: async (isWanted) => {
      active ??= findActive(db, integrationId);
      const unwanted = (await active).filter((scope) => !isWanted(scope));
      if (unwanted.length > 0) await write((transaction) => retire(transaction, integrationId, unwanted));
    },
  };
}

/** Scopes that data is expected of, or that owe something. */
async function findActive(db: Db, integrationId: string): Promise<string[]> {
  const rows = await db
    .selectFrom("checkpoints")
    .select("scope")
    .where("integration_id", "=", integrationId)
    .where((is) =>
      is.or([
        is("metrics", ">", 0),
        is.exists(
          is
            .selectFrom("owed_windows")
            .select("id")
            .whereRef("owed_windows.integration_id", "=", "checkpoints.integration_id")
            .whereRef("owed_windows.scope", "=", "checkpoints.scope"),
        ),
      ]),
    )
    .execute();
  return rows.map(({ scope }) => scope);
}

/** The position stays: it tells up to when the stored points are final, and where to go on if the scope comes back. */
async function retire(db: Db, integrationId: string, scopes: readonly string[]): Promise<void> {
  await db
    .deleteFrom("owed_windows")
    .where("integration_id", "=", integrationId)
    .where("scope", "in", scopes)
    .execute();
  await db
    .updateTable("checkpoints")
    .set({ metrics: 0, trouble: null })
    .where("integration_id", "=", integrationId)
    .where("scope", "in", scopes)
    .execute();
}

/** Holds the run's row until the end of the transaction: a run that is given up on meanwhile has to wait. */
async function assertRunning(transaction: Transaction<Tables>, runId: string): Promise<void> {
  const found = await sql`
    select id from runs where id = ${runId}::uuid and state = 'running' for share`.execute(transaction);
  if (found.rows.length === 0) throw new RunLostError("The run was given to another worker.");
}

async function record(
  { db, clock, random }: { db: Transaction<Tables>; clock: Clock; random: Random },
  integrationId: string,
  scope: string,
  { position, settled = [], owe = [], lost = [] }: BookEntry,
): Promise<void> {
  if (position) await setPosition(db, integrationId, scope, position);
  if (settled.length > 0) {
    await db.deleteFrom("owed_windows").where("id", "in", settled).execute();
  }
  const own = (window: NewOwed) => ({
    id: random.uuid(),
    integration_id: integrationId,
    scope,
    ...windowColumns(window),
  });
  if (owe.length > 0) {
    const rows = owe.map((window) => ({ ...own(window), ...owedColumns(window) }));
    await db.insertInto("owed_windows").values(rows).execute();
  }
  for (const window of lost) {
    if (await extendGap(db, integrationId, scope, window)) continue;
    await db
      .insertInto("gaps")
      .values({ ...own(window), recorded_at: new Date(clock.now()) })
      .execute();
  }
}

/** A window that cannot be paid loses its beginning bit by bit: that is one gap that grows. */
async function extendGap(db: Db, integrationId: string, scope: string, lost: NewOwed): Promise<boolean> {
  const result = await db
    .updateTable("gaps")
    .set({ window_to: new Date(lost.to) })
    .where("integration_id", "=", integrationId)
    .where("scope", "=", scope)
    .where("window_to", "=", new Date(lost.from))
    .where("first_metric", "is not distinct from", lost.firstMetric)
    .where("last_metric", "is not distinct from", lost.lastMetric)
    .where("metrics", "=", lost.metrics)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

async function setPosition(db: Db, integrationId: string, scope: string, position: Position): Promise<void> {
  const columns = {
    stored_to: new Date(position.storedTo),
    asked_at: new Date(position.askedAt),
    metrics: position.metrics,
    readings: JSON.stringify(position.readings),
    trouble: position.trouble && JSON.stringify(position.trouble),
  };
  await db
    .insertInto("checkpoints")
    .values({
      integration_id: integrationId,
      scope,
      started_at: new Date(position.startedAt),
      ...columns,
      listing: null,
      known_metrics: null,
    })
    .onConflict((conflict) => conflict.columns(["integration_id", "scope"]).doUpdateSet(columns))
    .execute();
}

function windowColumns(window: NewOwed) {
  return {
    window_from: new Date(window.from),
    window_to: new Date(window.to),
    first_metric: window.firstMetric,
    last_metric: window.lastMetric,
    metrics: window.metrics,
    reason: window.reason,
    detail: window.detail,
  };
}

function owedColumns(window: NewOwed) {
  return {
    from_key: window.fromKey,
    to_key: window.toKey,
    reading: window.reading,
    tries: window.tries,
    due_at: new Date(window.dueAt),
    owed_since: new Date(window.owedSince),
  } satisfies Partial<Insertable<Tables["owed_windows"]>>;
}

function scopeRow(db: Db, integrationId: string, scope: string) {
  return db
    .selectFrom("checkpoints")
    .select(["started_at", "stored_to", "asked_at", "metrics", "readings", "trouble"])
    .where("integration_id", "=", integrationId)
    .where("scope", "=", scope)
    .executeTakeFirst();
}

type PositionRow = Omit<
  Selectable<Tables["checkpoints"]>,
  "integration_id" | "scope" | "listing" | "known_metrics"
>;

export function toPosition(row: PositionRow): Position {
  return {
    startedAt: row.started_at.getTime(),
    storedTo: row.stored_to.getTime(),
    askedAt: row.asked_at.getTime(),
    metrics: row.metrics,
    readings: row.readings,
    trouble: row.trouble as Trouble | null,
  };
}

export function toListing(value: Record<string, unknown> | null): Listing | undefined {
  return (value ?? undefined) as Listing | undefined;
}

export function toOwed(row: Selectable<Tables["owed_windows"]>): Owed {
  return {
    id: row.id,
    from: row.window_from.getTime(),
    to: row.window_to.getTime(),
    fromKey: row.from_key,
    toKey: row.to_key,
    firstMetric: row.first_metric,
    lastMetric: row.last_metric,
    metrics: row.metrics,
    reading: row.reading,
    reason: row.reason as OwedReason,
    detail: row.detail,
    tries: row.tries,
    dueAt: row.due_at.getTime(),
    owedSince: row.owed_since.getTime(),
  };
}
