import type { IntegrationPreview } from "../../../contract/index.ts";
import { planBatches, type SelectedMetric } from "./collect.ts";
import { type CloudWatchConfig, defaultPeriodSeconds, defaultStatistics } from "./config.ts";
import { type Kind, kindOf, paceOf, wantedKinds } from "./kinds.ts";
import {
  countingRule,
  type Demand,
  type Listing,
  requestedPerMonth,
  requestedPerTime,
  sumRanges,
  timesPerMonth,
  usdPerCall,
  usdPerMonth,
} from "./pricing.ts";
import { type Pace, planWindow } from "./window.ts";

/** What one region lists, and what of it the settings want. */
export interface PreviewedRegion {
  readonly region: string;
  /** The settings as they hold in this region. */
  readonly config: CloudWatchConfig;
  readonly listed: number;
  readonly selected: readonly SelectedMetric[];
  readonly listCalls: number;
  readonly truncated: boolean;
  readonly notes: readonly string[];
}

const whatIfMinutes = [1, 5, 10, 15, 30, 60];

export function summarize(
  config: CloudWatchConfig,
  intervalMinutes: number,
  regions: readonly PreviewedRegion[],
): IntegrationPreview {
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
    perRun: {
      metricsRequested: sumRanges(price.tasks.map(requestedPerTime)),
      getMetricDataCalls: sum(price.tasks.map(({ calls }) => calls)),
      listMetricsCalls: listCalls,
    },
    perMonth: {
      metricsRequested: sumRanges(price.tasks.map(requestedPerMonth)),
      getMetricDataCalls: sum(price.tasks.map((task) => task.calls * timesPerMonth(task.everyMinutes))),
      listMetricsCalls: sum(price.listings.map((each) => each.calls * timesPerMonth(each.everyMinutes))),
    },
    usdPerMonth: price.usd,
    countingRule,
    whatIf: whatIfMinutes.map((minutes) => {
      const { usd } = priceAt(config, minutes, regions);
      const savingPerMonth = { low: price.usd.low - usd.low, high: price.usd.high - usd.high };
      return { intervalMinutes: minutes, usdPerMonth: usd, savingPerMonth };
    }),
    previewCost: { listMetricsCalls: listCalls, usd: listCalls * usdPerCall },
  };
}

/** One kind of metrics in one region, as each run asks for them. */
interface Task extends Demand {
  /** Calls of GetMetricData each time. */
  readonly calls: number;
}

function priceAt(config: CloudWatchConfig, intervalMinutes: number, regions: readonly PreviewedRegion[]) {
  const statistics = config.statistics ?? defaultStatistics;
  const tasks = regions.flatMap(({ selected }) =>
    Array.from(Map.groupBy(selected, kindOf), ([kind, metrics]): Task => {
      const demand = demandOf(config, intervalMinutes, kind, metrics.length);
      const batches = planBatches(metrics, statistics, paceOf(kind, config).periodSeconds);
      return { ...demand, calls: batches.length * demand.ranges };
    }),
  );
  const listings = regions.map(
    ({ config: wanted, listCalls }): Listing => ({
      calls: listCalls,
      everyMinutes: Math.min(
        ...wantedKinds(wanted).map((kind) => everyMinutes(paceOf(kind, wanted), intervalMinutes)),
      ),
    }),
  );
  return { tasks, listings, usd: usdPerMonth(tasks, listings) };
}

function demandOf(
  config: CloudWatchConfig,
  intervalMinutes: number,
  kind: Kind | undefined,
  metrics: number,
): Demand {
  const pace = paceOf(kind, config);
  const statistics = (config.statistics ?? defaultStatistics).length;
  const every = everyMinutes(pace, intervalMinutes);
  return { metrics, statistics, everyMinutes: every, ranges: rangesPerTime(pace, every) };
}

/** A run asks for nothing when no full period has come since the last one. */
function everyMinutes(pace: Pace, intervalMinutes: number): number {
  return Math.max(intervalMinutes, pace.askEveryMs / 60_000);
}

/** Any day far from 1970 does: midnight is a full period of every length, so that the plan is that of a run on time. */
const someMidnight = Date.UTC(2020, 0, 1);

/** Requests that the collector's own plan makes of the time since the last one. */
function rangesPerTime(pace: Pace, every: number): number {
  const checkpoint = { storedTo: someMidnight - every * 60_000, incompleteTries: 0 };
  return planWindow(someMidnight + pace.settlingMs, pace, checkpoint).all.length;
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
    const demand = demandOf(config, intervalMinutes, kind, metrics.length);
    return {
      namespace: first.namespace,
      slow: kind !== undefined,
      metrics: metrics.length,
      series: metrics.length * demand.statistics,
      everyMinutes: demand.everyMinutes,
      usdPerMonth: usdPerMonth([demand], []),
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
