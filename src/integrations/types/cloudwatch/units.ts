import type { CollectedSeries, MetricName, Units } from "../integration-type.ts";
import { type FetchDeps, fetchUnit } from "./fetch.ts";

/** Bounds what a first run spends on units; the others are learned by the next runs. */
const asksPerRegionMax = 150;

export interface UnitSeeker {
  /** The same series, each with its unit as far as it is known. */
  complete(series: readonly CollectedSeries[]): Promise<readonly CollectedSeries[]>;
}

/**
 * GetMetricData names no units, so a metric that has points is asked for its unit once, with a call for one of them. A unit
 * is a nicety: whatever goes wrong ends the asking, never the run.
 */
export function createUnitSeeker(
  deps: FetchDeps,
  units: Units,
  accountId: string,
  onError: (error: unknown) => void,
): UnitSeeker {
  let asks = 0;
  const ask = async ({ series, points }: CollectedSeries): Promise<void> => {
    const [point] = points;
    // GetMetricStatistics knows no linked accounts.
    if (series.accountId !== accountId) return;
    if (!point || asks >= asksPerRegionMax || !units.claim(series)) return;
    asks++;
    try {
      units.learn(series, await fetchUnit(deps, series, point.timestampMs));
    } catch (error) {
      deps.signal.throwIfAborted();
      units.pause();
      onError(error);
    }
  };
  return {
    complete: async (series) => {
      if (series.every(({ series: one }) => units.get(one) !== undefined)) return series;
      for (const one of series) if (units.get(one.series) === undefined) await ask(one);
      return series.map((one) => {
        const unit = unitOf(one.series, units);
        return unit === one.series.unit ? one : { series: { ...one.series, unit }, points: one.points };
      });
    },
  };
}

/** A number of samples is not in the unit of what was sampled. */
export function unitOf(series: MetricName & { statistic: string }, units: Units): string | undefined {
  return series.statistic === "SampleCount" ? undefined : units.get(series);
}
