import type { IntegrationPreview } from "../../../contract/index.ts";
import type { SelectedMetric } from "./collect.ts";
import { type CloudWatchConfig, defaultPeriodSeconds, defaultStatistics } from "./config.ts";
import { kindOf, paceOf } from "./kinds.ts";
import { demandsOf, everyMinutes, type PreviewedRegion, priceAt } from "./preview-price.ts";
import { countingRule, subtract, usdPerCall, usdPerMonth } from "./pricing.ts";

/** What follows from the metrics that are wanted. */
export type PreviewedPrice = Omit<IntegrationPreview, "unmatched" | "pointTags">;

/** Minutes that are offered beside those of the settings. */
export const whatIfMinutes = [1, 5, 10, 15, 30, 60];

export function summarize(
  config: CloudWatchConfig,
  intervalMinutes: number,
  regions: readonly PreviewedRegion[],
): PreviewedPrice {
  const statistics = config.statistics ?? defaultStatistics;
  const selected = regions.flatMap((region) => region.selected);
  const listCalls = sum(regions.map((region) => region.listCalls));
  const price = priceAt(config, intervalMinutes, regions);
  return {
    listedMetrics: sum(regions.map(({ listed }) => listed)),
    matchedMetrics: selected.length,
    series: selected.length * statistics.length,
    truncated: regions.some(({ truncated }) => truncated),
    notes: regions.flatMap(({ notes }) => notes),
    regions: regions.map(({ region, listed, selected: matched }) => ({
      region,
      listedMetrics: listed,
      matchedMetrics: matched.length,
    })),
    namespaces: summarizeNamespaces(config, intervalMinutes, selected),
    statistics: [...statistics],
    intervalMinutes,
    periodSeconds: config.periodSeconds ?? defaultPeriodSeconds,
    perRun: { ...price.run, listMetricsCalls: listCalls },
    perMonth: {
      metricsRequested: price.metricsRequested,
      getMetricDataCalls: price.getMetricDataCalls,
      listMetricsCalls: price.listMetricsCalls,
    },
    usdPerMonth: price.usd,
    countingRule,
    whatIf: whatIfMinutes.map((minutes) => {
      const { usd } = priceAt(config, minutes, regions);
      return { intervalMinutes: minutes, usdPerMonth: usd, savingPerMonth: subtract(price.usd, usd) };
    }),
    previewCost: { listMetricsCalls: listCalls, usd: listCalls * usdPerCall },
  };
}

function summarizeNamespaces(
  config: CloudWatchConfig,
  intervalMinutes: number,
  selected: readonly SelectedMetric[],
): IntegrationPreview["namespaces"] {
  const groups = Map.groupBy(selected, (metric) => `${metric.namespace} ${kindOf(metric)?.name ?? ""}`);
  return Array.from(groups.values(), (metrics) => {
    const first = metrics[0]!;
    const kind = kindOf(first);
    const statistics = config.statistics ?? defaultStatistics;
    return {
      namespace: first.namespace,
      slow: kind !== undefined,
      metrics: metrics.length,
      series: metrics.length * statistics.length,
      everyMinutes: everyMinutes(paceOf(kind, config), intervalMinutes),
      usdPerMonth: usdPerMonth(demandsOf(config, intervalMinutes, kind, metrics.length), []),
      dimensionSets: summarizeDimensions(metrics),
    };
  }).sort((a, b) => b.metrics - a.metrics || compareText(a.namespace, b.namespace));
}

function summarizeDimensions(metrics: readonly SelectedMetric[]) {
  const groups = Map.groupBy(metrics, ({ dimensions }) => Object.keys(dimensions).sort().join(", "));
  return Array.from(groups, ([dimensions, members]) => {
    const { metricName, dimensions: values } = members[0]!;
    return { dimensions, metrics: members.length, example: { metricName, dimensions: { ...values } } };
  }).sort((a, b) => b.metrics - a.metrics || compareText(a.dimensions, b.dimensions));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
