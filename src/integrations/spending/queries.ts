import { type Kysely, sql } from "kysely";
import type { SpendingQuery } from "../../contract/index.ts";
import type { Tables } from "../../db/index.ts";

type Db = Kysely<Tables>;

/** What of the ledger is added up under one key. */
export interface SpendingSum {
  readonly calls: number;
  readonly metricsRequested: { readonly low: number; readonly high: number };
  readonly usd: { readonly low: number; readonly high: number };
}

/** A row of the ledger to be added to what is there under its key. Times are epoch milliseconds. */
export interface SpendingRow extends SpendingSum {
  readonly day: string;
  readonly integrationId: string;
  readonly credentialId: string;
  readonly accountId: string;
  readonly region: string;
  readonly operation: string;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** Days from inclusive, to exclusive, as text. */
export interface SpendingFilter {
  readonly from: string;
  readonly to: string;
  readonly integrationId?: string | undefined;
  readonly credentialId?: string | undefined;
  readonly operation?: string | undefined;
  /** Without previews and connection tests. */
  readonly onlyRuns?: boolean | undefined;
}

export const nothingSpent: SpendingSum = {
  calls: 0,
  metricsRequested: { low: 0, high: 0 },
  usd: { low: 0, high: 0 },
};

const keyColumns = ["day", "integration_id", "credential_id", "account_id", "region", "operation"] as const;

/** Several processes add to the same rows: in one order for all, so that none waits for another in a circle. */
export async function addRows(db: Db, rows: readonly SpendingRow[]): Promise<void> {
  if (rows.length === 0) return;
  await db
    .insertInto("spending")
    .values(rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)).map(toColumns))
    .onConflict((conflict) =>
      conflict.columns([...keyColumns]).doUpdateSet((is) => ({
        calls: is("spending.calls", "+", is.ref("excluded.calls")),
        metrics_low: is("spending.metrics_low", "+", is.ref("excluded.metrics_low")),
        metrics_high: is("spending.metrics_high", "+", is.ref("excluded.metrics_high")),
        usd_low: is("spending.usd_low", "+", is.ref("excluded.usd_low")),
        usd_high: is("spending.usd_high", "+", is.ref("excluded.usd_high")),
        first_at: is.fn("least", ["spending.first_at", "excluded.first_at"]),
        last_at: is.fn("greatest", ["spending.last_at", "excluded.last_at"]),
      })),
    )
    .execute();
}

export function keyOf(row: SpendingRow): string {
  const { day, integrationId, credentialId, accountId, region, operation } = row;
  return [day, integrationId, credentialId, accountId, region, operation].join(" ");
}

function toColumns(row: SpendingRow) {
  return {
    day: row.day,
    integration_id: row.integrationId,
    credential_id: row.credentialId,
    account_id: row.accountId,
    region: row.region,
    operation: row.operation,
    calls: row.calls,
    metrics_low: row.metricsRequested.low,
    metrics_high: row.metricsRequested.high,
    usd_low: row.usd.low,
    usd_high: row.usd.high,
    first_at: new Date(row.firstAt),
    last_at: new Date(row.lastAt),
  };
}

const groupExpressions: Record<SpendingQuery["groupBy"], string> = {
  integration: "integration_id",
  credential: "credential_id",
  account: "account_id",
  operation: "operation",
  day: "to_char(day, 'YYYY-MM-DD')",
};

export async function sumByGroup(
  db: Db,
  groupBy: SpendingQuery["groupBy"],
  filter: SpendingFilter,
): Promise<(SpendingSum & { key: string })[]> {
  const rows = await filtered(db, filter)
    .select([sql<string>`${sql.raw(groupExpressions[groupBy])}`.as("key"), ...sums])
    .groupBy("key")
    .execute();
  return rows.map((row) => ({ key: row.key, ...toSum(row) }));
}

/** With the time of the first call, epoch milliseconds; undefined when there was none. */
export async function sumOf(
  db: Db,
  filter: SpendingFilter,
): Promise<SpendingSum & { firstAt: number | undefined }> {
  const row = await filtered(db, filter)
    .select([...sums, sql<Date | null>`min(first_at)`.as("first_at")])
    .executeTakeFirstOrThrow();
  return { ...toSum(row), firstAt: row.first_at?.getTime() };
}

export async function deleteBefore(db: Db, day: string): Promise<void> {
  await db.deleteFrom("spending").where(sql<boolean>`day < ${day}::date`).execute();
}

function filtered(db: Db, filter: SpendingFilter) {
  const { from, to, integrationId, credentialId, operation, onlyRuns } = filter;
  let rows = db
    .selectFrom("spending")
    .where(sql<boolean>`day >= ${from}::date`)
    .where(sql<boolean>`day < ${to}::date`);
  if (integrationId !== undefined) rows = rows.where("integration_id", "=", integrationId);
  if (credentialId !== undefined) rows = rows.where("credential_id", "=", credentialId);
  if (operation !== undefined) rows = rows.where("operation", "=", operation);
  if (onlyRuns) rows = rows.where("integration_id", "<>", "");
  return rows;
}

/** As doubles: sums of bigint come as text from one driver and as numbers from the other. */
const sums = [
  sumColumn("calls"),
  sumColumn("metrics_low"),
  sumColumn("metrics_high"),
  sumColumn("usd_low"),
  sumColumn("usd_high"),
] as const;

function sumColumn<Name extends string>(name: Name) {
  return sql<number>`coalesce(sum(${sql.ref(name)}), 0)::double precision`.as(name);
}

function toSum(row: {
  calls: number;
  metrics_low: number;
  metrics_high: number;
  usd_low: number;
  usd_high: number;
}): SpendingSum {
  return {
    calls: row.calls,
    metricsRequested: { low: row.metrics_low, high: row.metrics_high },
    usd: { low: row.usd_low, high: row.usd_high },
  };
}
