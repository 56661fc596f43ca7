import { ageBounds } from "./age-buckets.ts";
import type { MetricKeyFilter } from "./metric-changes.ts";
import { filterCondition } from "./metric-filter.ts";
import type { Store } from "./store.ts";

/** How late a metric's points come, and how long they go on changing. */
export interface MetricDelayRow {
  readonly integrationId: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly points: number;
  readonly late: number;
  readonly changed: number;
  readonly arrivesAfterSeconds: { readonly p50: number; readonly p999: number };
  readonly settlesAfterSeconds: number;
}

interface Row {
  readonly integrationId: string;
  readonly namespace: string;
  readonly metricName: string;
  /** [upper bound of the age, punctual, late, changed], in order of age. */
  readonly ages: readonly (readonly [number, number, number, number])[];
}

const daysLearnedFrom = 14;
/** Fewer than this share of the points may still come or change once they count as settled. */
const unsettledShare = 0.001;

/** From the two weeks before `nowMs`. A metric of which nothing was counted is absent. */
export async function findDelays(
  store: Store,
  filter: MetricKeyFilter & { readonly limit: number },
  nowMs: number,
): Promise<MetricDelayRow[]> {
  const { limit, ...keys } = filter;
  const { condition, parameters } = filterCondition(keys);
  const from = new Date(nowMs - daysLearnedFrom * 86_400_000).toISOString().slice(0, 10);
  const rows = await store.select<Row>(
    `SELECT integration_id AS integrationId, namespace, metric_name AS metricName,
      arraySort(groupArray([toUInt64(age_seconds), onTime, tooLate, other])) AS ages
    FROM (
      SELECT integration_id, namespace, metric_name, age_seconds, sum(punctual) AS onTime, sum(late) AS tooLate,
        sum(changed) AS other
      FROM metric_lateness WHERE ${condition} AND day >= {from:Date}
      GROUP BY integration_id, namespace, metric_name, age_seconds
    )
    GROUP BY integration_id, namespace, metric_name
    ORDER BY sum(tooLate + other) DESC, integration_id, namespace, metric_name LIMIT {limit:UInt32}`,
    { ...parameters, from, limit },
  );
  return rows.map(({ ages, ...key }) => ({ ...key, ...delayOf(ages) }));
}

export function delayOf(
  ages: Row["ages"],
): Omit<MetricDelayRow, "integrationId" | "namespace" | "metricName"> {
  const total = (column: 1 | 2 | 3) => ages.reduce((sum, row) => sum + row[column], 0);
  const late = total(2);
  const changed = total(3);
  const points = total(1) + late;
  const arrived = ([, punctual, tooLate]: Row["ages"][number]) => punctual + tooLate;
  return {
    points,
    late,
    changed,
    arrivesAfterSeconds: {
      p50: ageWhen(ages, arrived, points * 0.5),
      p999: ageWhen(ages, arrived, points * (1 - unsettledShare)),
    },
    settlesAfterSeconds: settledAge(ages, points),
  };
}

/** The first age by which the counts sum up to as many as wanted. */
function ageWhen(ages: Row["ages"], count: (row: Row["ages"][number]) => number, wanted: number): number {
  let sum = 0;
  for (const row of ages) {
    sum += count(row);
    if (sum >= wanted) return row[0];
  }
  return ages.at(-1)?.[0] ?? 0;
}

/** The first age after which too few points come or change to matter. */
function settledAge(ages: Row["ages"], points: number): number {
  let after = 0;
  for (const [bound, , late, changed] of ages.toReversed()) {
    after += late + changed;
    if (after >= points * unsettledShare) return bound;
  }
  return ageBounds[0]!;
}
