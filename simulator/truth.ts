import type { Dimension } from "./signals/metric.ts";
import { slotsBetween } from "./signals/metric.ts";
import { parseStatistic } from "./signals/statistics.ts";
import type { World } from "./world.ts";

/** One statistic of one metric, as GetMetricData would be asked for it. */
export interface TrueSeries {
  readonly accountId: string;
  readonly region: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly Dimension[];
  readonly statistic: string;
  readonly periodSeconds: number;
}

export interface TruePoint {
  readonly atMs: number;
  readonly value: number;
}

/**
 * The final points that start in [fromMs, toMs), however late they arrive and whether or not AWS still has them.
 * Depends on the seed alone: asking early or late gives the same answer.
 */
export function truthOf(world: World, series: TrueSeries, fromMs: number, toMs: number): TruePoint[] {
  const { accountId, dimensions, name, namespace, region } = series;
  const metric = world.catalogue(accountId, region).find(namespace, name, dimensions);
  const statistic = parseStatistic(series.statistic);
  if (!metric || !statistic)
    throw new Error(`The simulator has no ${series.statistic} of ${namespace} ${name}.`);
  const periodMs = series.periodSeconds * 1000;
  const points: TruePoint[] = [];
  for (let atMs = Math.ceil(fromMs / periodMs) * periodMs; atMs < toMs; atMs += periodMs) {
    const { slots, weight } = slotsBetween(metric, atMs, periodMs, Number.POSITIVE_INFINITY);
    const value = statistic(slots, weight);
    if (value !== undefined) points.push({ atMs, value });
  }
  return points;
}
