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

export interface Range {
  readonly low: number;
  readonly high: number;
}

export const countingRule =
  "AWS charges $0.01 per 1,000 metrics requested with GetMetricData, however many points they have. Low: up to five " +
  "statistics of a metric in one request count as one metric, and calls of ListMetrics fall in the free million a month. " +
  "High: each statistic counts as a metric, and calls of ListMetrics cost $0.01 per 1,000.";

/** Price of a call apart from GetMetricData, the free tier not taken off. */
export function usdOfCall(operation: string): number {
  return pricedCalls.includes(operation) ? usdPerCall : 0;
}

/** Metrics that one request for all statistics of these metrics is charged for. */
export function chargedMetrics(metrics: number, statistics: number): Range {
  return { low: metrics * Math.ceil(statistics / statisticsAsOne), high: metrics * statistics };
}

/** Metrics that are asked for together, over and over. */
export interface Demand {
  readonly metrics: number;
  readonly statistics: number;
  /** Minutes between two times that they are asked for. */
  readonly everyMinutes: number;
  /** Requests for the same metric each time: a long window is cut into ranges. */
  readonly ranges: number;
}

/** Listings, which come with every run that asks for anything. */
export interface Listing {
  readonly calls: number;
  readonly everyMinutes: number;
}

export function timesPerMonth(everyMinutes: number): number {
  return minutesPerMonth / everyMinutes;
}

export function requestedPerTime({ metrics, statistics, ranges }: Demand): Range {
  return scale(chargedMetrics(metrics, statistics), ranges);
}

export function requestedPerMonth(demand: Demand): Range {
  return scale(requestedPerTime(demand), timesPerMonth(demand.everyMinutes));
}

export function usdPerMonth(demands: readonly Demand[], listings: readonly Listing[]): Range {
  const requested = scale(sumRanges(demands.map(requestedPerMonth)), usdPerMetricRequested);
  const calls = listings.map(({ calls, everyMinutes }) => calls * timesPerMonth(everyMinutes));
  const listing = calls.reduce((sum, each) => sum + each, 0) * usdPerCall;
  return { low: requested.low, high: requested.high + listing };
}

export function sumRanges(ranges: readonly Range[]): Range {
  return ranges.reduce((sum, { low, high }) => ({ low: sum.low + low, high: sum.high + high }), {
    low: 0,
    high: 0,
  });
}

function scale({ low, high }: Range, factor: number): Range {
  return { low: low * factor, high: high * factor };
}
