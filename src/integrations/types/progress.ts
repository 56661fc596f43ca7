import type { Progress } from "./integration-type.ts";

/** What a run has done before it has done anything. */
export function newProgress(): Progress {
  return {
    windowFrom: null,
    windowTo: null,
    metricsListed: 0,
    seriesStored: 0,
    metricsStored: 0,
    pointsStored: 0,
    pointsAdded: 0,
    pointsChanged: 0,
    windowsPaid: 0,
    windowsOwed: 0,
    latestPointAt: null,
    costUsd: 0,
  };
}
