import { type Kysely, type Selectable, sql } from "kysely";
import {
  type Gap,
  type GapListQuery,
  type OwedListQuery,
  type OwedReason,
  type OwedWindow,
  type Page,
  pageOf,
} from "../../contract/index.ts";
import type { Tables } from "../../db/index.ts";
import { parseScope } from "./scopes.ts";

type Db = Kysely<Tables>;

/** Oldest first. Integrations in the trash owe nothing. */
export async function listOwed(db: Db, query: OwedListQuery): Promise<Page<OwedWindow>> {
  let windows = db
    .selectFrom("owed_windows")
    .innerJoin("integrations", "integrations.id", "owed_windows.integration_id")
    .where("integrations.trashed_at", "is", null);
  if (query.integrationId !== undefined) windows = windows.where(isIntegration(query.integrationId));
  if (query.reason !== undefined) windows = windows.where("reason", "=", query.reason);
  if (query.what === "missing") windows = windows.where("reading", "=", 0);
  if (query.what === "re-read") windows = windows.where("reading", ">", 0);
  const { total } = await windows
    .select((is) => is.fn.countAll<number>().as("total"))
    .executeTakeFirstOrThrow();
  const rows = await windows
    .selectAll("owed_windows")
    .select("integrations.name as integration_name")
    .orderBy("reading")
    .orderBy("window_from")
    .orderBy("owed_windows.id")
    .offset(query.offset)
    .limit(query.limit)
    .execute();
  return pageOf(
    rows.map((row) => ({
      ...toWindow(row),
      reading: row.reading,
      tries: row.tries,
      dueAt: row.due_at.toISOString(),
      owedSince: row.owed_since.toISOString(),
    })),
    query,
    Number(total),
  );
}

/** Newest first. */
export async function listGaps(db: Db, query: GapListQuery): Promise<Page<Gap>> {
  let gaps = db
    .selectFrom("gaps")
    .innerJoin("integrations", "integrations.id", "gaps.integration_id")
    .where("integrations.trashed_at", "is", null);
  if (query.integrationId !== undefined) gaps = gaps.where(isIntegration(query.integrationId));
  const { total } = await gaps.select((is) => is.fn.countAll<number>().as("total")).executeTakeFirstOrThrow();
  const rows = await gaps
    .selectAll("gaps")
    .select("integrations.name as integration_name")
    .orderBy("window_from", "desc")
    .orderBy("gaps.id")
    .offset(query.offset)
    .limit(query.limit)
    .execute();
  return pageOf(
    rows.map((row) => ({ ...toWindow(row), recordedAt: row.recorded_at.toISOString() })),
    query,
    Number(total),
  );
}

/** As text: what is not a UUID is nobody's id, and no error. */
function isIntegration(id: string) {
  return sql<boolean>`integrations.id::text = ${id}`;
}

type Row = Pick<
  Selectable<Tables["gaps"]>,
  | "id"
  | "integration_id"
  | "scope"
  | "window_from"
  | "window_to"
  | "first_metric"
  | "last_metric"
  | "metrics"
  | "reason"
  | "detail"
> & { integration_name: string };

function toWindow(row: Row) {
  return {
    id: row.id,
    integrationId: row.integration_id,
    integrationName: row.integration_name,
    ...parseScope(row.scope),
    from: row.window_from.toISOString(),
    to: row.window_to.toISOString(),
    metrics: row.metrics,
    firstMetric: row.first_metric,
    lastMetric: row.last_metric,
    reason: row.reason as OwedReason,
    detail: row.detail,
  };
}
