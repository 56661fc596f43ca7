import { type Kysely, sql } from "kysely";
import type { Clock } from "../../base/index.ts";
import type { CloudService, NoData, OwedReason } from "../../contract/index.ts";
import type { Tables } from "../../db/index.ts";
import { typeOf } from "../types/index.ts";
import { toPosition } from "./books.ts";
import { concerning, missingWindows, overlapping } from "./missing-windows.ts";
import { explainNoData, type NoDataQuestion } from "./no-data.ts";
import { parseScope } from "./scopes.ts";

type Db = Kysely<Tables>;

/** Series that were read together. */
export interface SeriesOrigin {
  readonly integrationId: string;
  readonly accountId: string;
  readonly region: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly periodSeconds: number;
}

export interface MissingTime {
  /** Epoch milliseconds; `from` inclusive, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  readonly integrationId: string;
  readonly region: string;
  readonly reason: OwedReason;
  /** It can no longer be had. */
  readonly lost: boolean;
}

export interface FinalityOfSeries {
  /** Epoch milliseconds: periods that end by then are settled. */
  readonly settledTo: number;
  readonly missing: readonly MissingTime[];
}

export interface Finality {
  describe(origin: SeriesOrigin, range: { from: number; to: number }): Promise<FinalityOfSeries>;
  explain(question: NoDataQuestion): Promise<NoData>;
}

/** Most points have their final value after this time. A metric can be learned to take longer, never less. */
const usualDelayMs = 15 * 60_000;
/** AWS publishes what comes a few times a day up to two days late. */
const slowDelayMs = 48 * 3_600_000;

/** More pieces than a chart could show. */
const missingMax = 200;

export interface FinalityDeps {
  readonly db: Db;
  readonly clock: Clock;
  /** Seconds after the end of its period by which a metric's points are final; undefined when too little is known. */
  readonly delayOf?: ((origin: SeriesOrigin) => Promise<number | undefined>) | undefined;
}

export function createFinality(deps: FinalityDeps): Finality {
  return {
    describe: (origin, range) => describe(deps, origin, range),
    explain: (question) => explainNoData(deps, question),
  };
}

async function describe(
  { db, delayOf }: FinalityDeps,
  origin: SeriesOrigin,
  range: { from: number; to: number },
): Promise<FinalityOfSeries> {
  const names = await scopesOf(db, origin);
  const usual = names.some(({ slow }) => slow) ? slowDelayMs : usualDelayMs;
  const delayMs = Math.max(usual, ((await delayOf?.(origin)) ?? 0) * 1000);
  const rows = names.length
    ? await db
        .selectFrom("checkpoints")
        .selectAll()
        .where("integration_id", "=", origin.integrationId)
        .where(
          "scope",
          "in",
          names.map(({ name }) => name),
        )
        .execute()
    : [];
  const settled = rows.map((row) => {
    const { storedTo, askedAt } = toPosition(row);
    return Math.min(storedTo, askedAt - delayMs);
  });
  return {
    settledTo: settled.length ? Math.max(0, Math.min(...settled)) : 0,
    missing: await findMissing(db, origin, names, range),
  };
}

interface NamedScope {
  readonly name: string;
  readonly slow: boolean;
}

/**
 * The scopes of an integration that may have read the series: of its region and kind, and of its account. An account without
 * scopes of its own is the one that the integration's session belongs to, or is linked to any of the others.
 */
async function scopesOf(db: Db, origin: SeriesOrigin): Promise<NamedScope[]> {
  const rows = await db
    .selectFrom("checkpoints")
    .innerJoin("integrations", "integrations.id", "checkpoints.integration_id")
    .select(["scope", "service"])
    .where(sql<boolean>`integrations.id::text = ${origin.integrationId}`)
    .execute();
  const kindOf = (service: string) =>
    typeOf(service as CloudService).kindOfSeries(origin.namespace, origin.periodSeconds) ?? null;
  const found = rows
    .map(({ scope, service }) => ({ name: scope, ...parseScope(scope), wanted: kindOf(service) }))
    .filter(({ region, kind, wanted }) => region === origin.region && kind === wanted);
  const own = found.filter(({ accountId }) => accountId === origin.accountId);
  const shared = found.filter(({ accountId }) => accountId === null);
  const several = shared.length < found.length;
  const others = several && !(await isOwnAccount(db, origin)) ? found : shared;
  const used = own.length > 0 ? own : others;
  return used.map(({ name, kind }) => ({ name, slow: kind !== null }));
}

async function isOwnAccount(db: Db, { integrationId, accountId }: SeriesOrigin): Promise<boolean> {
  const row = await db
    .selectFrom("integration_accounts")
    .select("account_id")
    .where("integration_id", "=", integrationId)
    .where("account_id", "=", accountId)
    .where("origin", "=", "own")
    .executeTakeFirst();
  return row !== undefined;
}

async function findMissing(
  db: Db,
  origin: SeriesOrigin,
  scopes: readonly NamedScope[],
  range: { from: number; to: number },
): Promise<MissingTime[]> {
  if (scopes.length === 0) return [];
  const rows = await missingWindows(db)
    .select(["window_from", "window_to", "reason", "lost"])
    .where("integration_id", "=", origin.integrationId)
    .where(
      "scope",
      "in",
      scopes.map(({ name }) => name),
    )
    .where(overlapping(range))
    .where(concerning(origin))
    .orderBy("lost")
    .orderBy("window_from")
    .limit(missingMax)
    .execute();
  return rows.map((row) => ({
    from: Math.max(row.window_from.getTime(), range.from),
    to: Math.min(row.window_to.getTime(), range.to),
    integrationId: origin.integrationId,
    region: origin.region,
    reason: row.reason as OwedReason,
    lost: row.lost,
  }));
}
