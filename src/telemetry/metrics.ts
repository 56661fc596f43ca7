import { Readable } from "node:stream";
import { AppError } from "../base/index.ts";
import type { FieldProblem } from "../contract/errors.ts";
import { createMetricReads, type MetricReads } from "./metric-reads.ts";
import { type SeriesIdentity, seriesId } from "./series-id.ts";
import type { Store } from "./store.ts";

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

export interface Metrics extends MetricReads {
  /**
   * Stores the points so that they survive a power failure, then resolves. Repeating it changes nothing;
   * a point that exists is replaced when `version` is not lower than its own. There are no retries inside:
   * after an error some of the points may be stored, and writing all of them again is right.
   * Throws `validation_failed` (then nothing is stored), `store_unavailable`, `storage_full`.
   */
  write(batch: readonly SeriesPoints[], options: { version: number }): Promise<{ points: number }>;
}

/** Rows of one INSERT: large enough that its fsync costs little, small enough to stay at a few megabytes. */
const pointsPerInsert = 100_000;
const seriesPerInsert = 5_000;

export function createMetrics(store: Store): Metrics {
  return {
    ...createMetricReads(store),
    write: async (batch, { version }) => {
      const written = batch.filter(({ points }) => points.length > 0);
      checkBatch(written, version);
      // The series come first: points without a series could never be found.
      for (const rows of chunksOf(written, seriesPerInsert)) {
        await store.insert("metric_series", rows.map(seriesRow));
      }
      let points = 0;
      for (const lines of chunkLines(written, version)) {
        await store.insert("metric_points", Readable.from([lines.text], { objectMode: false }));
        points += lines.count;
      }
      return { points };
    },
  };
}

const lastSecond = 2 ** 32 - 1;

function checkBatch(batch: readonly SeriesPoints[], version: number): void {
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

function seriesRow({ series, points }: SeriesPoints): object {
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const { timestampMs } of points) {
    const second = Math.floor(timestampMs / 1000);
    if (second < first) first = second;
    if (second > last) last = second;
  }
  return {
    series_id: seriesId(series),
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
    first_seen: first,
    last_seen: last,
  };
}

/** The points as TabSeparated text; only UUIDs and numbers, so nothing needs escaping. */
function* chunkLines(
  batch: readonly SeriesPoints[],
  version: number,
): Generator<{ text: string; count: number }> {
  let lines: string[] = [];
  for (const { series, points } of batch) {
    const id = seriesId(series);
    for (const { timestampMs, value } of points) {
      lines.push(`${id}\t${Math.floor(timestampMs / 1000)}\t${value}\t${version}\n`);
      if (lines.length < pointsPerInsert) continue;
      yield { text: lines.join(""), count: lines.length };
      lines = [];
    }
  }
  if (lines.length) yield { text: lines.join(""), count: lines.length };
}

function* chunksOf<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
