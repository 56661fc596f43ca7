import { useMemo, useRef } from "react";
import { seriesColor } from "../../ui/aligned-series.ts";
import { buildCharts, type ChartModel } from "./chart-model.ts";
import type { ExploredMetric } from "./explore.ts";
import { allotPlaces } from "./series-colors.ts";

/** The charts of what was found; a series keeps its colour as long as the explorer is open. */
export function useCharts(metrics: readonly ExploredMetric[] | undefined): ChartModel[] {
  const places = useRef<ReadonlyMap<string, number>>(new Map());
  return useMemo(
    () =>
      buildCharts(metrics ?? [], (keys) => {
        const allotted = allotPlaces(places.current, keys);
        places.current = allotted;
        return (key) => seriesColor(allotted.get(key) ?? 0);
      }),
    [metrics],
  );
}
