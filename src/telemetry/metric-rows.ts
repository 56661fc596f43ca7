import { AppError } from "../base/index.ts";
import type { FieldProblem } from "../contract/errors.ts";
import type { SeriesIdentity } from "./series-id.ts";

export interface MetricSeries extends SeriesIdentity {
  readonly accountAlias?: string | undefined;
  readonly unit?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Where the points come from; `cloudwatch` unless it says otherwise. */
  readonly source?: string | undefined;
}

export interface MetricPoint {
  /** Epoch milliseconds; stored to the second. */
  readonly timestampMs: number;
  readonly value: number;
}

export interface SeriesPoints {
  readonly series: MetricSeries;
  readonly points: readonly MetricPoint[];
}

const lastSecond = 2 ** 32 - 1;

/** Throws `validation_failed` with the first problems. */
export function checkBatch(batch: readonly SeriesPoints[], version: number): void {
  const fields: FieldProblem[] = [];
  if (!Number.isSafeInteger(version) || version < 0) {
    fields.push({ path: "version", message: "A whole number from 0." });
  }
  for (const [index, { series, points }] of batch.entries()) {
    const bad = points.findIndex(({ value, timestampMs }) => !isStorable(value, timestampMs));
    if (bad >= 0) {
      fields.push({
        path: `${index}.points.${bad}`,
        message: `A point of ${series.namespace} ${series.metricName} has no finite value or no time between 1970 and 2106.`,
      });
    }
    if (fields.length >= 10) break;
  }
  if (fields.length) throw new AppError("validation_failed", { fields });
}

function isStorable(value: number, timestampMs: number): boolean {
  return Number.isFinite(value) && timestampMs >= 0 && timestampMs <= lastSecond * 1000;
}

/** A row of `metric_series`. */
export function seriesRow(
  id: string,
  series: MetricSeries,
  seen: { readonly first: number; readonly last: number },
): object {
  return {
    series_id: id,
    namespace: series.namespace,
    metric_name: series.metricName,
    integration_id: series.integrationId,
    account_id: series.accountId,
    account_alias: series.accountAlias ?? "",
    region: series.region,
    statistic: series.statistic,
    period_seconds: series.periodSeconds,
    dimensions: series.dimensions,
    unit: series.unit ?? "",
    tags: series.tags,
    source: series.source ?? "cloudwatch",
    first_seen: seen.first,
    last_seen: seen.last,
  };
}

/**
 * Tells whether what may change of a series has changed. Two looks with the same hash would hide a change only until the
 * series is written again for its `last_seen`.
 */
export function lookOf({ unit, accountAlias, tags }: MetricSeries): number {
  let hash = hashText(hashText(0, unit ?? ""), accountAlias ?? "");
  for (const name in tags) hash = hashText(hashText(hash, name), tags[name]!);
  return hash >>> 0;
}

function hashText(start: number, text: string): number {
  let hash = Math.imul(start ^ text.length, 0x9e3779b1);
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash ^ (hash >>> 15);
}
