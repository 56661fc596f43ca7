import type { Kysely } from "kysely";
import type { Clock } from "../../base/index.ts";
import type { NoData } from "../../contract/index.ts";
import type { Tables } from "../../db/index.ts";
import { findIntegrations } from "../integration-queries.ts";
import type { IntegrationRecord } from "../records.ts";
import { typeOf } from "../types/index.ts";
import type { Coverage, Listing, Position } from "../types/integration-type.ts";
import { toListing, toPosition } from "./books.ts";
import { concerning, missingWindows, overlapping } from "./missing-windows.ts";
import { parseScope } from "./scopes.ts";

/** What was asked for, when it found nothing. */
export interface NoDataQuestion {
  readonly namespace: string;
  readonly metricName: string;
  readonly statistic: string;
  readonly integrationId?: string | undefined;
  readonly region?: string | undefined;
  readonly from: number;
  readonly to: number;
}

type Db = Kysely<Tables>;
type Deps = { readonly db: Db; readonly clock: Clock };

/** Why a query found nothing: the first of the usual causes that holds, from the settings to AWS itself. */
export async function explainNoData({ db }: Deps, question: NoDataQuestion): Promise<NoData> {
  const records = (await findIntegrations(db, { trashed: false })).filter(
    ({ id }) => question.integrationId === undefined || id === question.integrationId,
  );
  if (records.length === 0) {
    return { reason: "no-integration", message: "No integration pulls metrics yet; add one." };
  }
  const wanting = records.filter((record) => coverageOf(record, question) === "wanted");
  if (wanting.length === 0) return explainSelection(records, question);
  return explainState(wanting) ?? (await explainCollection(db, wanting, question));
}

function coverageOf(record: IntegrationRecord, question: NoDataQuestion): Coverage {
  return typeOf(record.service).covers(record.config, question);
}

/** The nearest miss is the most useful to tell. */
const nearness: readonly Coverage[] = ["other-statistic", "filtered", "other-namespace", "other-region"];

function explainSelection(records: readonly IntegrationRecord[], question: NoDataQuestion): NoData {
  const misses = records.map((record) => ({ record, coverage: coverageOf(record, question) }));
  const nearest = misses.sort((a, b) => nearness.indexOf(a.coverage) - nearness.indexOf(b.coverage))[0]!;
  const { name } = nearest.record;
  if (nearest.coverage === "other-statistic") {
    return {
      reason: "unknown-statistic",
      message: `"${name}" does not pull the statistic ${question.statistic}; add it to its statistics.`,
    };
  }
  const what: Partial<Record<Coverage, string>> = {
    filtered: `The metric filter of "${name}" leaves ${question.namespace} ${question.metricName} out.`,
    "other-namespace": `No integration pulls ${question.namespace}; add it to the namespaces of one.`,
    "other-region": `No integration pulls the region ${question.region}.`,
  };
  return { reason: "not-selected", message: what[nearest.coverage] ?? "No integration pulls this metric." };
}

function explainState(records: readonly IntegrationRecord[]): NoData | undefined {
  if (records.some(({ disabled }) => !disabled)) return undefined;
  const [first] = records;
  const because = first?.disabledByError && first.lastError ? ` ${first.lastError}` : "";
  return { reason: "disabled", message: `"${first?.name}" is disabled.${because}` };
}

interface ReadScope {
  readonly record: IntegrationRecord;
  readonly position: Position;
  readonly listing: Listing | undefined;
  readonly name: string;
}

async function explainCollection(
  db: Db,
  records: readonly IntegrationRecord[],
  question: NoDataQuestion,
): Promise<NoData> {
  const scopes = (await Promise.all(records.map((record) => findScopes(db, record, question)))).flat();
  const failing = records.find(({ consecutiveFailures, disabled }) => consecutiveFailures > 0 && !disabled);
  const paused = scopes.find(({ position }) => position.trouble?.reason === "capped");
  if (paused)
    return {
      reason: "paused",
      message: `"${paused.record.name}" is paused. ${paused.position.trouble?.detail}`,
    };
  // One that could never be read has a position too, which tells since when.
  const read = scopes.filter(({ position }) => position.storedTo > position.startedAt);
  if (read.length === 0) {
    if (failing) return failed(failing);
    return { reason: "not-collected-yet", message: "The first run has not ended yet." };
  }
  return (
    explainListing(read, question) ??
    explainTime(read, question) ??
    (await explainWindows(db, read, question)) ??
    (failing ? failed(failing) : nothingThere(read))
  );
}

function failed(record: IntegrationRecord): NoData {
  return {
    reason: "failing",
    message: `The last run of "${record.name}" failed: ${record.lastError ?? "unknown"}`,
  };
}

function nothingThere([first]: readonly ReadScope[]): NoData {
  return {
    reason: "no-points-in-aws",
    message: `AWS was asked for this time and had no points of the metric${first ? ` in ${parseScope(first.name).region}` : ""}. Metrics such as those of load balancers exist only while there is traffic; dimensions that are filtered for may not exist.`,
  };
}

async function findScopes(db: Db, record: IntegrationRecord, question: NoDataQuestion): Promise<ReadScope[]> {
  const rows = await db
    .selectFrom("checkpoints")
    .selectAll()
    .where("integration_id", "=", record.id)
    .execute();
  return rows
    .filter((row) => question.region === undefined || parseScope(row.scope).region === question.region)
    .map((row) => ({ record, name: row.scope, position: toPosition(row), listing: toListing(row.listing) }));
}

function explainListing(scopes: readonly ReadScope[], question: NoDataQuestion): NoData | undefined {
  const listings = scopes.flatMap(({ listing }) => listing ?? []);
  if (listings.length === 0) return undefined;
  const counts = listings.map(({ names }) => names[question.namespace]?.[question.metricName] ?? [0, 0]);
  const total = (place: 0 | 1) => counts.reduce((sum, pair) => sum + pair[place], 0);
  if (total(1) > 0) return undefined;
  const listedAt = new Date(Math.max(...listings.map((listing) => listing.listedAt))).toISOString();
  if (total(0) > 0) {
    return {
      reason: "not-selected",
      message: `AWS lists ${total(0)} such metrics, but tags or bucket names of the settings leave all of them out.`,
    };
  }
  return {
    reason: "not-listed",
    message: `AWS listed no such metric at ${listedAt}. It lists what had points in the last two weeks, and new metrics after up to 15 minutes.`,
  };
}

function explainTime(scopes: readonly ReadScope[], { from, to }: NoDataQuestion): NoData | undefined {
  const startedAt = Math.min(...scopes.map(({ position }) => position.startedAt));
  if (to <= startedAt) {
    const since = new Date(startedAt).toISOString();
    return { reason: "not-collected-yet", message: `Collection began later, with points from ${since} on.` };
  }
  const storedTo = Math.max(...scopes.map(({ position }) => position.storedTo));
  if (from < storedTo) return undefined;
  const until = new Date(storedTo).toISOString();
  return {
    reason: "too-recent",
    message: `Points are read up to ${until} so far; newer ones come with the next run.`,
  };
}

async function explainWindows(
  db: Db,
  scopes: readonly ReadScope[],
  question: NoDataQuestion,
): Promise<NoData | undefined> {
  const ids = [...new Set(scopes.map(({ record }) => record.id))];
  const window = await missingWindows(db)
    .select(["detail", "lost"])
    .where("integration_id", "in", ids)
    .where(overlapping(question))
    .where(concerning(question))
    .orderBy("lost")
    .limit(1)
    .executeTakeFirst();
  if (!window) return undefined;
  return window.lost
    ? { reason: "lost", message: `Points of this time can no longer be had from AWS. ${window.detail}` }
    : { reason: "owed", message: `Points of this time are still to be read. ${window.detail}` };
}
