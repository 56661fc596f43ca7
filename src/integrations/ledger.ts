import { type Kysely, sql, type Transaction } from "kysely";
import type { Clock } from "../base/index.ts";
import type { Tables } from "../db/index.ts";
import { beginErrorEvent, endErrorEvent } from "./error-event.ts";
import { findIntegration, pauseColumns } from "./integration-queries.ts";
import type { IntegrationRecord, Pause } from "./records.ts";
import { endRun, type RunEnd } from "./runs.ts";

export interface DueIntegration {
  readonly id: string;
  readonly nextRunAt: number;
  readonly refreshMinutes: number;
  readonly credentialId: string | null;
  /** What its last run took; null when none has ended by itself. */
  readonly lastRunMs: number | null;
}

export interface RunOutcome {
  readonly workerId: string;
  readonly succeeded: boolean;
  /** The server stopped; says nothing about the integration. */
  readonly interrupted: boolean;
  /** Newest stored point and number of different metrics, when anything came in. */
  readonly received: { readonly latestPointAt: number; readonly metrics: number } | null;
  readonly error: string | null;
  /** The credentials were refused: the integration is disabled until somebody repairs them. */
  readonly disable: boolean;
  /** Earlier than the integration's turn; null to wait for that. */
  readonly nextRunAt: number | null;
  /** There is no money for further calls. `settingsOf` is `updatedAt` of the settings that the run had read. */
  readonly pause?: (Pause & { readonly settingsOf: number }) | undefined;
}

/** What the collector reads and writes about integrations: when they are due, how far they are, how the last run went. */
export interface Ledger {
  /** Enabled integrations whose time has come, the longest waiting first. */
  due(limit: number): Promise<DueIntegration[]>;
  /** Moves the next run, together with what `also` writes; false, and neither, when another worker was first. */
  claim(
    due: DueIntegration,
    nextRunAt: number,
    also?: (transaction: Transaction<Tables>) => Promise<unknown>,
  ): Promise<boolean>;
  /** The integration if it may run: enabled and not in the trash. */
  load(id: string): Promise<IntegrationRecord | undefined>;
  /** Makes an enabled integration due at this time, or earlier if it already was. */
  hasten(id: string, at: number): Promise<void>;
  /** Makes those due that wait for the server's own cap, which may be another one since this process has started. */
  resumePausedByServer(): Promise<void>;
  /**
   * Ends the run and tells the integration how it went, both or neither: a kill in between would leave credentials that were
   * refused in use, and a reader would meet a failed run of an integration that never ran. False when the run was given up on.
   */
  settle(id: string, run: { id: string; end: RunEnd }, outcome: RunOutcome): Promise<boolean>;
}

export function createLedger({ db, clock }: { db: Kysely<Tables>; clock: Clock }): Ledger {
  return {
    due: (limit) => findDue(db, new Date(clock.now()), limit),
    claim: (due, nextRunAt, also) =>
      db.transaction().execute(async (transaction) => {
        if (!(await isStillDue(transaction, due))) return false;
        await enabled(transaction, due.id)
          .set({ next_run_at: new Date(nextRunAt) })
          .execute();
        await also?.(transaction);
        return true;
      }),
    load: async (id) => {
      const record = await findIntegration(db, id);
      return record && !record.disabled && record.trashedAt === null ? record : undefined;
    },
    hasten: async (id, at) => {
      const time = new Date(at);
      await enabled(db, id).set({ next_run_at: time }).where("next_run_at", ">", time).execute();
    },
    resumePausedByServer: async () => {
      await db
        .updateTable("integrations")
        .set({ next_run_at: new Date(clock.now()), ...pauseColumns(null) })
        .where("paused_by", "=", "server")
        .where("disabled", "=", false)
        .where("trashed_at", "is", null)
        .execute();
    },
    settle: (id, run, outcome) =>
      db.transaction().execute(async (transaction) => {
        if (!(await endRun(transaction, run.id, run.end, clock.now()))) return false;
        await recordOutcome(transaction, id, outcome, clock.now());
        return true;
      }),
  };
}

function enabled(db: Kysely<Tables>, id: string) {
  return db
    .updateTable("integrations")
    .where("id", "=", id)
    .where("disabled", "=", false)
    .where("trashed_at", "is", null);
}

async function findDue(db: Kysely<Tables>, now: Date, limit: number): Promise<DueIntegration[]> {
  const rows = await db
    .selectFrom("integrations")
    .select(["id", "next_run_at", "refresh_minutes", "credential_id"])
    .select(lastRunMs.as("last_run_ms"))
    .where((is) => is.or([is("next_run_at", "<=", now), isBeyondAnyTurn(now)]))
    .where("disabled", "=", false)
    .where("trashed_at", "is", null)
    .orderBy("next_run_at")
    .limit(limit)
    .execute();
  return rows.flatMap((row) =>
    row.next_run_at === null
      ? []
      : [
          {
            id: row.id,
            nextRunAt: row.next_run_at.getTime(),
            refreshMinutes: row.refresh_minutes,
            credentialId: row.credential_id,
            lastRunMs: row.last_run_ms,
          },
        ],
  );
}

/** A turn that far ahead was set by a clock that was wrong: nobody would run the integration until then. */
function isBeyondAnyTurn(now: Date) {
  return sql<boolean>`(paused_until is null
    and next_run_at > ${now}::timestamptz + (2 * refresh_minutes + 15) * interval '1 minute')`;
}

/**
 * Locks the integration. Where another worker has it, that one moves the turn; if it is stopped in the middle, waiting for it would
 * stop this one too.
 */
async function isStillDue(transaction: Transaction<Tables>, due: DueIntegration): Promise<boolean> {
  const row = await transaction
    .selectFrom("integrations")
    .select("id")
    .where("id", "=", due.id)
    .where("next_run_at", "=", new Date(due.nextRunAt))
    .where("disabled", "=", false)
    .where("trashed_at", "is", null)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row !== undefined;
}

/** Of an integration. A run that was abandoned tells nothing: it may have been over at once or never. */
const lastRunMs = sql<number | null>`(
  select (extract(epoch from finished_at - started_at) * 1000)::integer from runs
  where runs.integration_id = integrations.id and state not in ('running', 'abandoned')
  order by started_at desc limit 1)`;

/**
 * Runs do not touch `updated_at`: it is when a person changed the settings, and what two edits are compared by. An
 * integration that was disabled or trashed meanwhile keeps that state, but still learns how its last run went.
 */
async function recordOutcome(
  transaction: Transaction<Tables>,
  id: string,
  outcome: RunOutcome,
  now: number,
): Promise<void> {
  await sql`select id from integrations where id = ${id}::uuid for update`.execute(transaction);
  const record = await findIntegration(transaction, id);
  if (!record) return;
  await transaction
    .updateTable("integrations")
    .set({
      last_processed_at: new Date(now),
      last_processor_id: outcome.workerId,
      ...(!outcome.interrupted && {
        consecutive_failures: outcome.succeeded ? 0 : record.consecutiveFailures + 1,
      }),
      ...(outcome.received && {
        last_received_point_at: new Date(
          Math.max(outcome.received.latestPointAt, record.lastReceivedPointAt ?? 0),
        ),
        last_metric_count: outcome.received.metrics,
      }),
      ...errorColumns(record, outcome, now),
      ...(outcome.disable && { disabled: true, disabled_by_error: true }),
      ...pauseColumns(pauseOf(record, outcome)),
      next_run_at:
        outcome.disable || record.disabled || record.trashedAt !== null ? null : nextRun(record, outcome),
    })
    .where("id", "=", id)
    .execute();
}

/** Settings that were changed during the run may have another cap: the next run finds out. */
function pauseOf(record: IntegrationRecord, { pause }: RunOutcome): Pause | null {
  return pause?.settingsOf === record.updatedAt ? pause : null;
}

/** Whichever is earlier: the turn it has anyway, an edit or enabling meanwhile, or what the outcome asks for. */
function nextRun(record: IntegrationRecord, outcome: RunOutcome): Date | null {
  const pause = pauseOf(record, outcome);
  if (pause) return new Date(pause.until);
  const times = [record.nextRunAt, outcome.nextRunAt].filter((time) => time !== null);
  return times.length === 0 ? null : new Date(Math.min(...times));
}

/** The event of refused credentials is over as soon as a run got through, be it in part. */
function errorColumns(record: IntegrationRecord, outcome: RunOutcome, now: number) {
  const gotThrough = outcome.succeeded || outcome.received !== null;
  let event = gotThrough ? endErrorEvent(record.lastErrorEvent, now) : record.lastErrorEvent;
  if (outcome.disable) event = beginErrorEvent(record, outcome.error ?? "", now);
  return {
    ...(outcome.error !== null && { last_error: outcome.error, last_error_at: new Date(now) }),
    last_error_event: event && JSON.stringify(event),
  };
}
