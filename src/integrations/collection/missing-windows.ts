import { type Kysely, sql } from "kysely";
import type { Tables } from "../../db/index.ts";

const columns = [
  "integration_id",
  "scope",
  "window_from",
  "window_to",
  "first_metric",
  "last_metric",
  "metrics",
  "reason",
  "detail",
] as const;

/** Windows that lack points: owed ones that were never read, and gaps, which are lost. Re-readings lack nothing. */
export function missingWindows(db: Kysely<Tables>) {
  const owed = db
    .selectFrom("owed_windows")
    .where("reading", "=", 0)
    .select(columns)
    .select(sql<boolean>`false`.as("lost"));
  const gaps = db.selectFrom("gaps").select(columns).select(sql<boolean>`true`.as("lost"));
  return db.selectFrom(owed.unionAll(gaps).as("missing"));
}

/** Those that have something in common with the time; epoch milliseconds, `to` exclusive. */
export function overlapping({ from, to }: { from: number; to: number }) {
  return sql<boolean>`window_from < ${new Date(to)} and window_to > ${new Date(from)}`;
}

/** Those that may lack points of this metric. Bytes are compared, since the order of names is that of code units. */
export function concerning({ namespace, metricName }: { namespace: string; metricName: string }) {
  const metric = `${namespace} ${metricName}`;
  return sql<boolean>`first_metric is null
    or (first_metric collate "C" <= ${metric} and ${metric} <= coalesce(last_metric, ${metric}) collate "C")`;
}
