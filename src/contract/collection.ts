import { z } from "zod";
import { paged, pageQuery } from "./primitives.ts";

/** How complete, how final and how late collected points are: owed windows, gaps, completeness, changes, delays. */

/** Why a window of time is not stored, or is to be read once more. */
export const owedReasons = [
  "throttled",
  "partial-data",
  "internal-error",
  "denied",
  "network",
  "error",
  "downtime",
  "capped",
  "re-read",
] as const;
export const owedReason = z.enum(owedReasons);
export type OwedReason = z.infer<typeof owedReason>;

/** What an owed window and a gap have in common. */
const windowFields = {
  id: z.string(),
  integrationId: z.string(),
  integrationName: z.string(),
  accountId: z.string().nullable(),
  region: z.string(),
  /** Metrics that are asked for at a pace of their own, such as `s3-storage`; null for all others. */
  kind: z.string().nullable(),
  /** Start inclusive, end exclusive. */
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** How many metrics lack these points. */
  metrics: z.number().int(),
  /** Namespace and name of the first and the last of them in alphabetical order; null for all of the region. */
  firstMetric: z.string().nullable(),
  lastMetric: z.string().nullable(),
  reason: owedReason,
  /** In a sentence; AWS's own words where there are any. */
  detail: z.string(),
};

/** A window that is to be read: it was missed, or is due for a deep re-reading. Paid windows are gone from the list. */
export const owedWindow = z.object({
  ...windowFields,
  /** 0: never read yet. 1, 2, 3: read before, and read again after 3, 26 and 50 hours. */
  reading: z.number().int(),
  tries: z.number().int(),
  /** Not tried before this time. */
  dueAt: z.iso.datetime(),
  owedSince: z.iso.datetime(),
});
export type OwedWindow = z.infer<typeof owedWindow>;
export const owedWindowPage = paged(owedWindow);

export const owedListQuery = pageQuery.extend({
  integrationId: z.string().max(64).optional(),
  reason: owedReason.optional(),
  /** `missing`: never read yet (the default). `re-read`: only deep re-readings. */
  what: z.enum(["missing", "re-read", "all"]).default("missing"),
});
export type OwedListQuery = z.infer<typeof owedListQuery>;

/** A window that can no longer be had: AWS does not keep its points any more. */
export const gap = z.object({ ...windowFields, recordedAt: z.iso.datetime() });
export type Gap = z.infer<typeof gap>;
export const gapPage = paged(gap);
export const gapListQuery = pageQuery.extend({ integrationId: z.string().max(64).optional() });
export type GapListQuery = z.infer<typeof gapListQuery>;

/** Shares of metric-time: one metric over one minute counts as much as any other. */
const completenessOf = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** Metric-minutes that should be stored. */
  expected: z.number(),
  owed: z.number(),
  lost: z.number(),
  /** From 0 to 1; null before the first run. */
  share: z.number().nullable(),
});
export const completeness = z.object({
  integrationId: z.string(),
  integrationName: z.string(),
  lastDay: completenessOf,
  lastWeek: completenessOf,
  owedWindows: z.number().int(),
  rereadWindows: z.number().int(),
  gaps: z.number().int(),
  oldestOwedAt: z.iso.datetime().nullable(),
});
export type Completeness = z.infer<typeof completeness>;
export const completenessList = z.object({ items: z.array(completeness) });
export const completenessQuery = z.object({ integrationId: z.string().max(64).optional() });

const metricKeys = {
  integrationId: z.string(),
  accountId: z.string(),
  region: z.string(),
  namespace: z.string(),
  metricName: z.string(),
  statistic: z.string(),
  dimensions: z.record(z.string(), z.string()),
};

/** A stored value that a later reading replaced. */
export const metricChange = z.object({
  ...metricKeys,
  at: z.iso.datetime(),
  before: z.number(),
  after: z.number(),
  seenAt: z.iso.datetime(),
});
export type MetricChange = z.infer<typeof metricChange>;
export const metricChangePage = paged(metricChange);
export const metricChangeQuery = pageQuery.extend({
  integrationId: z.string().max(64).optional(),
  namespace: z.string().max(255).optional(),
  metricName: z.string().max(255).optional(),
});

/** How late a metric's points come and how long they go on changing, learned from the last two weeks. */
export const metricDelay = z.object({
  integrationId: z.string(),
  namespace: z.string(),
  metricName: z.string(),
  points: z.number().int(),
  /** Points that came or changed after the first reading of their time. */
  late: z.number().int(),
  changed: z.number().int(),
  /** Seconds after the end of its period by which half of, or 999 in 1,000, points have come. */
  arrivesAfterSeconds: z.object({ p50: z.number(), p999: z.number() }),
  /** Seconds after the end of its period by which 999 in 1,000 points have their final value. */
  settlesAfterSeconds: z.number(),
});
export type MetricDelay = z.infer<typeof metricDelay>;
export const metricDelayList = z.object({ items: z.array(metricDelay) });
export const metricDelayQuery = z.object({
  integrationId: z.string().max(64).optional(),
  namespace: z.string().max(255).optional(),
  metricName: z.string().max(255).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});

/** Why a query found nothing. */
export const noDataReasons = [
  "no-integration",
  "not-selected",
  "not-listed",
  "no-points-in-aws",
  "too-recent",
  "not-collected-yet",
  "owed",
  "lost",
  "disabled",
  "failing",
  "paused",
  "unknown-statistic",
  "settled-only",
] as const;
export const noData = z.object({ reason: z.enum(noDataReasons), message: z.string() });
export type NoData = z.infer<typeof noData>;
