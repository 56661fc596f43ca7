import { planBatches, type SelectedMetric } from "./collect.ts";
import { type CloudWatchConfig, defaultStatistics } from "./config.ts";
import { listingAgeMax } from "./discovery.ts";
import { type Kind, kindOf, paceOf, wantedKinds } from "./kinds.ts";
import {
  type Calls,
  chargedMetrics,
  type Demand,
  type Range,
  requestedPerMonth,
  sumRanges,
  timesPerMonth,
  turnsPerMonth,
  usdPerMonth,
} from "./pricing.ts";
import { livePeriods, nextReadingAfterMs, type Pace, queriesThatFit } from "./window.ts";

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

/** Of a month, unless it says otherwise. */
export interface Price {
  readonly usd: Range;
  readonly metricsRequested: Range;
  readonly getMetricDataCalls: number;
  readonly listMetricsCalls: number;
  /** A run in which everything is due, without older time that is read again. */
  readonly run: { readonly metricsRequested: Range; readonly getMetricDataCalls: number };
}

const minute = 60_000;
const dayMinutes = 24 * 60;
const monthMinutes = 30 * dayMinutes;

/** What the settings would cost with this interval: what previews and advice compare. */
export function priceAt(
  config: CloudWatchConfig,
  intervalMinutes: number,
  regions: readonly PreviewedRegion[],
): Price {
  const groups = regions.flatMap(({ selected }) =>
    Array.from(Map.groupBy(selected, kindOf), ([kind, metrics]) =>
      priceGroup(config, intervalMinutes, kind, metrics),
    ),
  );
  const listings = regions.map((region) => listingsOf(region, intervalMinutes));
  const demands = groups.flatMap((group) => group.demands);
  return {
    usd: usdPerMonth(demands, [...listings, ...groups.map(({ units }) => units)]),
    metricsRequested: sumRanges(demands.map(requestedPerMonth)),
    getMetricDataCalls: sum(groups.map(({ calls }) => calls)),
    listMetricsCalls: sum(listings.map((each) => each.calls * each.timesPerMonth)),
    run: {
      metricsRequested: sumRanges(groups.map(({ charged }) => charged)),
      getMetricDataCalls: sum(groups.map(({ callsPerRun }) => callsPerRun)),
    },
  };
}

/** Metrics of one kind in one region. */
function priceGroup(
  config: CloudWatchConfig,
  intervalMinutes: number,
  kind: Kind | undefined,
  metrics: readonly SelectedMetric[],
) {
  const pace = paceOf(kind, config);
  const statistics = config.statistics ?? defaultStatistics;
  const every = everyMinutes(pace, intervalMinutes);
  const callsFor = (lengthMs: number) => {
    const queriesMax = queriesThatFit({ from: 0, to: lengthMs }, pace);
    return planBatches(metrics, statistics, { periodSeconds: pace.periodSeconds, queriesMax }).length;
  };
  const callsPerRun = callsFor(livePeriods(pace, every * minute) * pace.periodSeconds * 1000);
  const readingCalls = pace.readings.map(
    ({ lengthMs }) => callsFor(lengthMs) * timesPerMonth(lengthMs / minute),
  );
  return {
    charged: chargedMetrics(metrics.length, statistics.length),
    demands: demandsOf(config, intervalMinutes, kind, metrics.length),
    units: unitsOf(metrics),
    callsPerRun,
    calls: callsPerRun * timesPerMonth(every) + sum(readingCalls),
  };
}

/** What AWS will be asked for: with each turn the newest time, and older time again when it is some hours or days old. */
export function demandsOf(
  config: CloudWatchConfig,
  intervalMinutes: number,
  kind: Kind | undefined,
  metrics: number,
): Demand[] {
  const pace = paceOf(kind, config);
  const statistics = (config.statistics ?? defaultStatistics).length;
  const every = everyMinutes(pace, intervalMinutes);
  const times = [
    turnsPerMonth(every),
    ...(isOutrun(pace, every) ? [{ low: 0, high: timesPerMonth(every) }] : []),
    ...pace.readings.map(({ lengthMs }) => readingsPerMonth(lengthMs)),
    ...(pace.readings.length > 0 ? [stillChanging] : []),
    newMetric,
  ];
  return times.map((timesPerMonth) => ({ metrics, statistics, timesPerMonth }));
}

/** A run asks for nothing when no full period has come since the last one. */
export function everyMinutes(pace: Pace, intervalMinutes: number): number {
  return Math.max(intervalMinutes, pace.askEveryMs / minute);
}

/** Turns so far apart that a window cannot hold all the time between them: the rest is a second request. */
function isOutrun(pace: Pace, every: number): boolean {
  return (
    livePeriods(pace, every * minute) * pace.periodSeconds * 1000 < 1.1 * every * minute + pace.overlapMs
  );
}

/** A reading of less than a day may come along with a live window, at no charge. */
function readingsPerMonth(lengthMs: number): Range {
  const times = timesPerMonth(lengthMs / minute);
  return { low: lengthMs < dayMinutes * minute ? 0 : times, high: times };
}

/**
 * Time that the last regular reading found changed is read again until nothing changes any more: at most all of it, and
 * twice, since the latest points we know of are 60 hours late.
 */
const stillChanging: Range = { low: 0, high: 2 * timesPerMonth(nextReadingAfterMs / minute) };

/** The hours before a metric was first seen. More than a whole fleet a month is replaced by few. */
const newMetric: Range = { low: 0, high: timesPerMonth(monthMinutes) };

/** A call for each name of a metric, now and then again when there was no point to tell its unit. */
function unitsOf(metrics: readonly SelectedMetric[]): Calls {
  const names = new Set(metrics.map(({ namespace, metricName }) => `${namespace} ${metricName}`));
  return { calls: names.size, timesPerMonth: timesPerMonth(dayMinutes) };
}

/** One list serves all kinds of a region, and every run that comes while it is fresh. */
function listingsOf({ config, listCalls }: PreviewedRegion, intervalMinutes: number): Calls {
  const every = Math.min(
    ...wantedKinds(config).map((kind) => everyMinutes(paceOf(kind, config), intervalMinutes)),
  );
  return { calls: listCalls, timesPerMonth: timesPerMonth(Math.max(every, listingAgeMax / minute)) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
