import { z } from "zod";
import { cloudIntegrationInput } from "./cloud-integration.ts";

/** What a cloud integration would match and cost, asked before it is saved. Nothing of it is stored. */

/** The body of a creation, whose name does not matter; with `id` that of a change. */
export const integrationPreviewInput = cloudIntegrationInput.extend({
  id: z.string().max(64).nullish(),
});
export type IntegrationPreviewInput = z.infer<typeof integrationPreviewInput>;

/** Bounds of what AWS's counting rule leaves open. */
const range = z.object({ low: z.number(), high: z.number() });
const count = z.number().int();

/** Metrics of one namespace that share the names of their dimensions. */
const previewDimensionSet = z.object({
  /** Names joined with commas; empty for metrics without dimensions. */
  dimensions: z.string(),
  metrics: count,
  example: z.object({ metricName: z.string(), dimensions: z.record(z.string(), z.string()) }),
});

const previewNamespace = z.object({
  namespace: z.string(),
  /** True for metrics with a few points a day, which are asked for at their own pace; a namespace may have both kinds. */
  slow: z.boolean(),
  metrics: count,
  series: count,
  /** Minutes between two times that these metrics are asked for. */
  everyMinutes: z.number(),
  usdPerMonth: range,
  dimensionSets: z.array(previewDimensionSet),
});

/** The settings that leave metrics out; the tag selections stand for their maps and expressions together. */
const selectingSetting = z.enum([
  "namespaces",
  "metricFilterRegex",
  "s3BucketNameFilterRegex",
  "instanceSelectionTags",
  "volumeSelectionTags",
]);

const previewUnmatched = z.object({
  setting: selectingSetting,
  metrics: count,
  /** Some of them, each with the text that was held against the setting. */
  examples: z.array(
    z.object({
      region: z.string(),
      namespace: z.string(),
      metricName: z.string(),
      dimensions: z.record(z.string(), z.string()),
      subject: z.string(),
    }),
  ),
});

const previewWork = z.object({
  /** Metrics that AWS charges for. */
  metricsRequested: range,
  getMetricDataCalls: z.number(),
  listMetricsCalls: z.number(),
});

const previewWhatIf = z.object({
  intervalMinutes: count,
  usdPerMonth: range,
  /** Less than what the settings cost; below zero for more. */
  savingPerMonth: range,
});

export const integrationPreview = z.object({
  listedMetrics: count,
  matchedMetrics: count,
  /** A matched metric has one series for each statistic. */
  series: count,
  /** The listing was stopped before its end: there is more, and it costs more. */
  truncated: z.boolean(),
  /** What the numbers leave out, in sentences. */
  notes: z.array(z.string()),
  regions: z.array(z.object({ region: z.string(), listedMetrics: count, matchedMetrics: count })),
  /** Most metrics first. */
  namespaces: z.array(previewNamespace),
  /** Listed metrics that are not wanted, by the first setting that leaves them out. */
  unmatched: z.array(previewUnmatched),
  /** Keys of the tags of instances and volumes, as far as they were read: those that become point tags, and the others. */
  pointTags: z.object({ matched: z.array(z.string()), unmatched: z.array(z.string()) }),
  statistics: z.array(z.string()),
  intervalMinutes: count,
  periodSeconds: count,
  /** A run in which everything is due. */
  perRun: previewWork,
  /** Thirty days. */
  perMonth: previewWork,
  usdPerMonth: range,
  /** How the range is counted, in words. */
  countingRule: z.string(),
  whatIf: z.array(previewWhatIf),
  /** What this preview has cost. */
  previewCost: z.object({ listMetricsCalls: count, usd: z.number() }),
});
export type IntegrationPreview = z.infer<typeof integrationPreview>;
