import type { Kysely, Selectable } from "kysely";
import { AppError, type Clock, type Random } from "../base/index.ts";
import { type Page, pageOf, type Run } from "../contract/index.ts";
import { isUniqueViolation, type Tables } from "../db/index.ts";
import { date, millis } from "./integration-queries.ts";

export interface RunsQuery {
  readonly integrationId?: string | undefined;
  readonly state?: Run["state"] | undefined;
  readonly trouble?: boolean | undefined;
  /** Started in this time, ISO 8601; `from` inclusive, `to` exclusive. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly offset: number;
  readonly limit: number;
}

export interface RunStart {
  readonly integrationId: string;
  readonly jobId: string;
  readonly trigger: Run["trigger"];
  readonly workerId: string;
  readonly leaseMs: number;
}

export type RunCounts = Pick<
  Run,
  | "metricsListed"
  | "seriesStored"
  | "pointsStored"
  | "pointsAdded"
  | "pointsChanged"
  | "windowsPaid"
  | "windowsOwed"
  | "apiCalls"
  | "costUsd"
> & {
  readonly windowFrom: number | null;
  readonly windowTo: number | null;
};

export interface RunEnd extends RunCounts {
  readonly state: Exclude<Run["state"], "running">;
  readonly error: Run["error"];
}

export interface AbandonedRun {
  readonly id: string;
  readonly integrationId: string;
  readonly jobId: string;
  readonly startedAt: number;
}

/** The record of what was run. Reading is for everyone; writing is the collector's. */
export interface Runs {
  list(query: RunsQuery): Promise<Page<Run>>;
  /** Throws `run_not_found`. */
  get(id: string): Promise<Run>;
  /** Sums over the runs that started in the last 24 hours. */
  lastDay(): Promise<{ total: number; failed: number; points: number; apiCalls: number; costUsd: number }>;
  /** The run's id, or nothing when another run of the integration is under way. */
  begin(start: RunStart): Promise<string | undefined>;
  /** Extends the lease; false when the run was given up on. */
  renew(id: string, leaseMs: number): Promise<boolean>;
  /** Marks running runs whose lease is over, or all of them, as abandoned. */
  abandon(which: "expired" | "all"): Promise<AbandonedRun[]>;
  /** Deletes finished runs beyond the last `keep` of an integration and those older than `days`. */
  purge(keep: number, days: number): Promise<number>;
}

const dayMs = 24 * 3_600_000;

export function createRuns({
  db,
  clock,
  random,
}: {
  db: Kysely<Tables>;
  clock: Clock;
  random: Random;
}): Runs {
  return {
    list: (query) => listRuns(db, query),
    get: async (id) => {
      const run = await findRun(db, id);
      if (!run) throw new AppError("run_not_found");
      return run;
    },
    lastDay: () => sumRuns(db, new Date(clock.now() - dayMs)),
    begin: async (start) => {
      const id = random.uuid();
      try {
        await insertRun(db, id, start, clock.now());
        return id;
      } catch (error) {
        if (isUniqueViolation(error, "runs_one_running")) return undefined;
        throw error;
      }
    },
    renew: async (id, leaseMs) => {
      const result = await running(db, id)
        .set({ lease_until: new Date(clock.now() + leaseMs) })
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
    abandon: (which) => abandonRuns(db, which, new Date(clock.now())),
    purge: (keep, days) => purgeRuns(db, keep, new Date(clock.now() - days * dayMs)),
  };
}

function running(db: Kysely<Tables>, id: string) {
  return db.updateTable("runs").where("id", "=", id).where("state", "=", "running");
}

async function insertRun(db: Kysely<Tables>, id: string, start: RunStart, now: number): Promise<void> {
  await db
    .insertInto("runs")
    .values({
      id,
      integration_id: start.integrationId,
      job_id: start.jobId,
      state: "running",
      trigger: start.trigger,
      worker_id: start.workerId,
      started_at: new Date(now),
      finished_at: null,
      lease_until: new Date(now + start.leaseMs),
      window_from: null,
      window_to: null,
      metrics_listed: 0,
      series_stored: 0,
      points_stored: 0,
      api_calls: "{}",
      cost_usd: 0,
      error: null,
    })
    .execute();
}

/** False when the run was given up on; nothing is written then. */
export async function endRun(db: Kysely<Tables>, id: string, end: RunEnd, now: number): Promise<boolean> {
  const result = await running(db, id).set(endColumns(end, now)).executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

function endColumns(end: RunEnd, now: number) {
  return {
    state: end.state,
    finished_at: new Date(now),
    window_from: date(end.windowFrom),
    window_to: date(end.windowTo),
    metrics_listed: end.metricsListed,
    series_stored: end.seriesStored,
    points_stored: end.pointsStored,
    points_added: end.pointsAdded,
    points_changed: end.pointsChanged,
    windows_paid: end.windowsPaid,
    windows_owed: end.windowsOwed,
    api_calls: JSON.stringify(end.apiCalls),
    cost_usd: end.costUsd,
    error: end.error && JSON.stringify(end.error),
  };
}

async function listRuns(db: Kysely<Tables>, query: RunsQuery): Promise<Page<Run>> {
  let runs = db.selectFrom("runs");
  if (query.integrationId !== undefined) runs = runs.where("integration_id", "=", query.integrationId);
  if (query.state !== undefined) runs = runs.where("state", "=", query.state);
  if (query.trouble) runs = runs.where("state", "in", ["partial", "failed", "abandoned"]);
  if (query.trouble === false) runs = runs.where("state", "in", ["running", "succeeded"]);
  if (query.from !== undefined) runs = runs.where("started_at", ">=", new Date(query.from));
  if (query.to !== undefined) runs = runs.where("started_at", "<", new Date(query.to));
  const { total } = await runs.select((is) => is.fn.countAll<number>().as("total")).executeTakeFirstOrThrow();
  const rows = await runs
    .selectAll()
    .orderBy("started_at", "desc")
    .orderBy("id")
    .offset(query.offset)
    .limit(query.limit)
    .execute();
  return pageOf(rows.map(toRun), query, Number(total));
}

async function findRun(db: Kysely<Tables>, id: string): Promise<Run | undefined> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return undefined;
  const row = await db.selectFrom("runs").selectAll().where("id", "=", id).executeTakeFirst();
  return row && toRun(row);
}

/** The newest run of each integration. */
export async function findLastRuns(
  db: Kysely<Tables>,
  integrationIds: readonly string[],
): Promise<Map<string, Run>> {
  if (integrationIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("runs")
    .selectAll()
    .distinctOn("integration_id")
    .where("integration_id", "in", integrationIds)
    .orderBy("integration_id")
    .orderBy("started_at", "desc")
    .execute();
  return new Map(rows.map((row) => [row.integration_id, toRun(row)]));
}

async function sumRuns(db: Kysely<Tables>, since: Date) {
  const rows = await db
    .selectFrom("runs")
    .select(["state", "points_added", "api_calls", "cost_usd"])
    .where("started_at", ">=", since)
    .execute();
  return {
    total: rows.length,
    failed: rows.filter(({ state }) => state === "failed" || state === "abandoned").length,
    points: rows.reduce((sum, row) => sum + row.points_added, 0),
    apiCalls: rows.reduce((sum, row) => sum + Object.values(row.api_calls).reduce((a, b) => a + b, 0), 0),
    costUsd: rows.reduce((sum, row) => sum + row.cost_usd, 0),
  };
}

async function abandonRuns(db: Kysely<Tables>, which: "expired" | "all", now: Date): Promise<AbandonedRun[]> {
  let lost = db.selectFrom("runs").select("id").where("state", "=", "running");
  if (which === "expired") lost = lost.where("lease_until", "<", now);
  const rows = await db
    .updateTable("runs")
    .set({ state: "abandoned", finished_at: now })
    // One that is just being written is for the next time: its worker may have been stopped in the middle.
    .where("id", "in", lost.forUpdate().skipLocked())
    .returning(["id", "integration_id", "job_id", "started_at"])
    .execute();
  return rows.map((row) => ({
    id: row.id,
    integrationId: row.integration_id,
    jobId: row.job_id,
    startedAt: row.started_at.getTime(),
  }));
}

async function purgeRuns(db: Kysely<Tables>, keep: number, before: Date): Promise<number> {
  const numbered = db
    .selectFrom("runs")
    .select((is) => [
      "id",
      is.fn
        .agg<number>("row_number")
        .over((over) => over.partitionBy("integration_id").orderBy("started_at", "desc"))
        .as("place"),
    ])
    .as("numbered");
  const surplus = db.selectFrom(numbered).select("numbered.id").where("numbered.place", ">", keep);
  const result = await db
    .deleteFrom("runs")
    .where("state", "<>", "running")
    .where((is) => is.or([is("started_at", "<", before), is("id", "in", surplus)]))
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

function toRun(row: Selectable<Tables["runs"]>): Run {
  return {
    id: row.id,
    integrationId: row.integration_id,
    state: row.state as Run["state"],
    trigger: row.trigger as Run["trigger"],
    startedAt: row.started_at.toISOString(),
    finishedAt: isoOrNull(row.finished_at),
    windowFrom: isoOrNull(row.window_from),
    windowTo: isoOrNull(row.window_to),
    workerId: row.worker_id,
    metricsListed: row.metrics_listed,
    seriesStored: row.series_stored,
    pointsStored: row.points_stored,
    pointsAdded: row.points_added,
    pointsChanged: row.points_changed,
    windowsPaid: row.windows_paid,
    windowsOwed: row.windows_owed,
    apiCalls: row.api_calls,
    costUsd: row.cost_usd,
    error: row.error as Run["error"],
  };
}

export function isoOrNull(time: Date | number | null): string | null {
  if (time === null) return null;
  return new Date(time instanceof Date ? millis(time)! : time).toISOString();
}
