import { z } from "zod";
import { noData, owedReason } from "./collection.ts";
import { paged, region } from "./primitives.ts";

/** What selects series; all given parts must match. */
const seriesFilter = {
  integrationId: z.string().max(64).optional(),
  accountId: z.string().max(64).optional(),
  region: region.optional(),
  namespace: z.string().max(255).optional(),
  metricName: z.string().max(255).optional(),
  statistic: z.string().max(32).optional(),
};

export const namespaceFindQuery = z.object({ text: z.string().max(255).optional() });
export const namespaceList = z.object({
  items: z.array(z.object({ namespace: z.string(), metrics: z.number().int(), series: z.number().int() })),
});

export const metricFindQuery = z.object({
  ...seriesFilter,
  /** Part of the metric's name, any case; with a dot also of its full name, such as `aws.ec2.cpu`. */
  text: z.string().max(255).optional(),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export const metricSummary = z.object({
  namespace: z.string(),
  metricName: z.string(),
  /** In Wavefront's spelling, without statistic: `aws.ec2.cpuutilization`. */
  wireName: z.string(),
  statistics: z.array(z.string()),
  series: z.number().int(),
  unit: z.string().nullable(),
  lastSeenAt: z.iso.datetime(),
});
export const metricPage = paged(metricSummary);

export const dimensionFindQuery = z.object({
  ...seriesFilter,
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});
/** Dimension names of the matching series, with their values (`truncated` when there are more than `limit`); `region` and `accountId` are among them. */
export const dimensionList = z.object({
  items: z.array(
    z.object({
      name: z.string(),
      values: z.array(z.string()),
      totalValues: z.number().int(),
      truncated: z.boolean(),
    }),
  ),
});

export const seriesFindQuery = z.object({
  ...seriesFilter,
  /** As for metrics, and the full name may end in the statistic: `aws.ec2.cpuutilization.average`. */
  text: z.string().max(255).optional(),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export const metricSeries = z.object({
  seriesId: z.string(),
  integrationId: z.string(),
  accountId: z.string(),
  region: z.string(),
  namespace: z.string(),
  metricName: z.string(),
  statistic: z.string(),
  periodSeconds: z.number().int(),
  unit: z.string().nullable(),
  dimensions: z.record(z.string(), z.string()),
  tags: z.record(z.string(), z.string()),
  /** The same series in Wavefront's words: full name, source with its source tags, and point tags. */
  wire: z.object({
    name: z.string(),
    source: z.string(),
    sourceTags: z.array(z.string()),
    pointTags: z.record(z.string(), z.string()),
  }),
  firstSeenAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
});
export const seriesPage = paged(metricSeries);

export const aggregations = ["avg", "sum", "min", "max", "count", "last"] as const;

/** Times are ISO 8601 or epoch milliseconds; `from` inclusive, `to` exclusive. */
export const instant = z.union([
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  z.number().int(),
]);

export const metricQuery = z.strictObject({
  namespace: z.string().min(1).max(255),
  metricName: z.string().min(1).max(255),
  /** As collected: Average, Sum, Minimum, Maximum, SampleCount, p99… */
  statistic: z.string().min(1).max(32),
  integrationId: z.string().max(64).optional(),
  accountId: z.string().max(64).optional(),
  region: region.optional(),
  /** Values that a dimension may have; dimensions are AND-ed, values OR-ed. */
  dimensions: z.record(z.string().max(255), z.array(z.string().max(1024)).min(1).max(100)).default({}),
  from: instant,
  to: instant,
  /** Width of a bucket in seconds; chosen from the range when absent. */
  stepSeconds: z
    .number()
    .int()
    .min(1)
    .max(86_400 * 31)
    .optional(),
  /** How the series of one group become one. */
  aggregation: z.enum(aggregations).default("avg"),
  /** Dimension names, `region`, `accountId` or `integrationId`; absent keeps every series apart, `[]` makes one of all. */
  groupBy: z.array(z.string().max(255)).max(10).optional(),
  /** Most series in the answer; those with the highest average come first. */
  limit: z.number().int().min(1).max(500).default(100),
  /** `settled` leaves out points whose value may still change. */
  finality: z.enum(["all", "settled"]).default("all"),
});
export type MetricQuery = z.infer<typeof metricQuery>;

export const metricQueryResult = z.object({
  from: z.number().int(),
  to: z.number().int(),
  stepSeconds: z.number().int(),
  unit: z.string().nullable(),
  series: z.array(
    z.object({
      labels: z.record(z.string(), z.string()),
      /** [bucket start in epoch milliseconds, value]; a bucket without data is absent. */
      points: z.array(z.tuple([z.number().int(), z.number()])),
      /** Epoch milliseconds: buckets that end by then are settled, later ones may still change. */
      settledTo: z.number().int(),
    }),
  ),
  /** Times within the range of which points are missing, and why; `lost` when they can no longer be had. */
  missing: z.array(
    z.object({
      from: z.number().int(),
      to: z.number().int(),
      integrationId: z.string(),
      region: z.string(),
      reason: owedReason,
      lost: z.boolean(),
    }),
  ),
  /** Why there is not a single point; null when there is one. */
  noData: noData.nullable(),
  /** Series that matched before `limit`. */
  totalSeries: z.number().int(),
  truncated: z.boolean(),
  tookMs: z.number(),
});
export type MetricQueryResult = z.infer<typeof metricQueryResult>;
