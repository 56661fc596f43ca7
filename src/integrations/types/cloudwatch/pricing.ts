/**
 * What CloudWatch charges, at list price in US dollars. GetMetricData counts the metrics of each request, not their points,
 * other calls are counted themselves. https://aws.amazon.com/cloudwatch/pricing/
 */
export const usdPerMetricRequested = 0.01 / 1000;
export const usdPerCall = 0.01 / 1000;
const pricedCalls: readonly string[] = ["ListMetrics", "GetMetricStatistics"];

/** AWS's text counts so many statistics of one metric in one request as one metric. */
const statisticsAsOne = 5;

/** Prices are compared by the month, which is thirty days. */
const minutesPerMonth = 30 * 24 * 60;

/** Turns are left out while a run takes long, and what AWS answered in part is asked for again. */
const turnTolerance = 0.05;

export interface Range {
  readonly low: number;
  readonly high: number;
}

export const countingRule =
  "AWS charges $0.01 per 1,000 metrics requested with GetMetricData, however many points they have. Low: up to five " +
  "statistics of a metric in one request count as one metric, and calls of ListMetrics and GetMetricStatistics fall in the " +
  "free million a month. High: each statistic counts as a metric, and those calls cost $0.01 per 1,000.";

/** Price of a call apart from GetMetricData, the free tier not taken off. */
export function usdOfCall(operation: string): number {
  return pricedCalls.includes(operation) ? usdPerCall : 0;
}

/** As `usdOfCall`, within the free tier or beyond it. */
export function priceOfCall(operation: string): Range {
  return { low: 0, high: usdOfCall(operation) };
}

/** Metrics that one request for all statistics of these metrics is charged for. */
export function chargedMetrics(metrics: number, statistics: number): Range {
  return { low: metrics * Math.ceil(statistics / statisticsAsOne), high: metrics * statistics };
}

export function usdOfMetrics(metricsRequested: Range): Range {
  return scale(metricsRequested, usdPerMetricRequested);
}

/** Metrics that are asked for together, over and over. */
export interface Demand {
  readonly metrics: number;
  readonly statistics: number;
  /** How often a month, with the bounds of what is not known before. */
  readonly timesPerMonth: Range;
}

/** Calls that are charged by themselves. */
export interface Calls {
  readonly calls: number;
  readonly timesPerMonth: number;
}

export function timesPerMonth(everyMinutes: number): number {
  return minutesPerMonth / everyMinutes;
}

/** For what comes with each turn of the integration. */
export function turnsPerMonth(everyMinutes: number): Range {
  const times = timesPerMonth(everyMinutes);
  return { low: times / (1 + turnTolerance), high: times / (1 - turnTolerance) };
}

export function requestedPerMonth({ metrics, statistics, timesPerMonth: times }: Demand): Range {
  const { low, high } = chargedMetrics(metrics, statistics);
  return { low: low * times.low, high: high * times.high };
}

export function usdPerMonth(demands: readonly Demand[], calls: readonly Calls[]): Range {
  const requested = usdOfMetrics(sumRanges(demands.map(requestedPerMonth)));
  const charged = calls.reduce((sum, each) => sum + each.calls * each.timesPerMonth, 0) * usdPerCall;
  return { low: requested.low, high: requested.high + charged };
}

export function sumRanges(ranges: readonly Range[]): Range {
  return ranges.reduce((sum, { low, high }) => ({ low: sum.low + low, high: sum.high + high }), {
    low: 0,
    high: 0,
  });
}

/** The low end less the low end, the high less the high. */
export function subtract(a: Range, b: Range): Range {
  return { low: a.low - b.low, high: a.high - b.high };
}

export function scale({ low, high }: Range, factor: number): Range {
  return { low: low * factor, high: high * factor };
}
