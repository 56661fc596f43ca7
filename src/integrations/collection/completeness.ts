import type { Kysely } from "kysely";
import type { Clock } from "../../base/index.ts";
import type { Completeness } from "../../contract/index.ts";
import type { Tables } from "../../db/index.ts";
import { findIntegrations } from "../integration-queries.ts";
import type { IntegrationRecord } from "../records.ts";
import type { Position } from "../types/integration-type.ts";
import { toPosition } from "./books.ts";
import { missingWindows } from "./missing-windows.ts";
import { parseScope } from "./scopes.ts";

type Db = Kysely<Tables>;

const minute = 60_000;
const day = 24 * 60 * minute;

/** After its turn a window may take so long to be asked for and answered before it counts as late. */
const graceMs = 5 * minute;

/** The share of metric-time that is stored, worst first. An integration that is disabled is not expected to read on. */
export async function findCompleteness(
  { db, clock }: { db: Db; clock: Clock },
  integrationId: string | undefined,
): Promise<Completeness[]> {
  const records = (await findIntegrations(db, { trashed: false })).filter(
    ({ id }) => integrationId === undefined || id === integrationId,
  );
  const now = clock.now();
  const found = await Promise.all(records.map((record) => describe(db, record, now)));
  return found.sort((a, b) => (a.lastWeek.share ?? 1) - (b.lastWeek.share ?? 1));
}

interface Scope {
  readonly name: string;
  readonly position: Position;
  /** Until when data is expected by now. */
  readonly edge: number;
}

interface Missing {
  readonly scope: string;
  readonly from: number;
  readonly to: number;
  readonly metrics: number;
}

async function describe(db: Db, record: IntegrationRecord, now: number): Promise<Completeness> {
  const scopes = await findScopes(db, record, now);
  const missing = await findMissing(db, record.id);
  const owed = missing.filter((window) => !window.lost);
  const lost = missing.filter((window) => window.lost);
  const { rereads } = await db
    .selectFrom("owed_windows")
    .where("integration_id", "=", record.id)
    .where("reading", ">", 0)
    .select((is) => is.fn.countAll<number>().as("rereads"))
    .executeTakeFirstOrThrow();
  const over = (ms: number) => completenessOver({ from: now - ms, to: now }, scopes, owed, lost);
  return {
    integrationId: record.id,
    integrationName: record.name,
    lastDay: over(day),
    lastWeek: over(7 * day),
    owedWindows: owed.length,
    rereadWindows: Number(rereads),
    gaps: lost.length,
    oldestOwedAt: owed[0] ? new Date(Math.min(...owed.map(({ from }) => from))).toISOString() : null,
  };
}

async function findScopes(db: Db, record: IntegrationRecord, now: number): Promise<Scope[]> {
  const rows = await db
    .selectFrom("checkpoints")
    .selectAll()
    .where("integration_id", "=", record.id)
    .execute();
  return rows.map((row) => {
    const position = toPosition(row);
    // What is asked for at a pace of its own comes days late by its nature.
    const runsOn = !record.disabled && parseScope(row.scope).kind === null;
    const edge = runsOn ? now - record.refreshMinutes * minute - graceMs : position.storedTo;
    return { name: row.scope, position, edge };
  });
}

async function findMissing(db: Db, integrationId: string): Promise<(Missing & { readonly lost: boolean })[]> {
  const rows = await missingWindows(db)
    .select(["scope", "window_from", "window_to", "metrics", "lost"])
    .where("integration_id", "=", integrationId)
    .execute();
  return rows.map((row) => ({
    scope: row.scope,
    from: row.window_from.getTime(),
    to: row.window_to.getTime(),
    metrics: row.metrics,
    lost: row.lost,
  }));
}

interface Range {
  readonly from: number;
  readonly to: number;
}

export function completenessOver(
  range: Range,
  scopes: readonly Scope[],
  owed: readonly Missing[],
  lost: readonly Missing[],
): Completeness["lastDay"] {
  let expected = 0;
  let behind = 0;
  const metricsOf = new Map<string, number>();
  for (const { name, position, edge } of scopes) {
    const { metrics, startedAt, storedTo } = position;
    metricsOf.set(name, metrics);
    expected += metrics * minutesIn(range, { from: startedAt, to: Math.max(edge, storedTo) });
    behind += metrics * minutesIn(range, { from: storedTo, to: edge });
  }
  const add = (sum: number, one: Missing) => {
    // What a scope lost that is no longer asked for must not be held against the others.
    const all = metricsOf.get(one.scope) ?? 0;
    return all === 0 ? sum : sum + (one.metrics || all) * minutesIn(range, one);
  };
  const totalOwed = Math.min(expected, owed.reduce(add, behind));
  const totalLost = Math.min(expected - totalOwed, lost.reduce(add, 0));
  return {
    from: new Date(range.from).toISOString(),
    to: new Date(range.to).toISOString(),
    expected,
    owed: totalOwed,
    lost: totalLost,
    share: expected > 0 ? 1 - (totalOwed + totalLost) / expected : null,
  };
}

function minutesIn(range: Range, { from, to }: Range): number {
  return Math.max(0, Math.min(range.to, to) - Math.max(range.from, from)) / minute;
}
