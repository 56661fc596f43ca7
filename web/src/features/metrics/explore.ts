import type { MetricQueryResult } from "@nephoscope/contract";
import { queryMetrics } from "../../api/metrics.ts";
import { type MetricPart, type MetricsSearch, partsOf, queryOf, searchOfPart } from "./search.ts";

export const weekMillis = 7 * 86_400_000;

export interface ExploredMetric {
  part: MetricPart;
  result: MetricQueryResult;
  /** The same metric a week earlier, in its own time; null where it is not compared. */
  weekBefore: MetricQueryResult | null;
}

/** The addresses of the metrics that are chosen to the end, each as if it were alone. */
export function chosenMetrics(search: MetricsSearch): MetricsSearch[] {
  return partsOf(search)
    .map((_part, index) => searchOfPart(search, index))
    .filter((one) => queryOf(one, 0) !== undefined);
}

/** Asks for all metrics of an address at one moment, so that they share a time axis. */
export function explore(search: MetricsSearch, now: number, signal: AbortSignal): Promise<ExploredMetric[]> {
  return Promise.all(
    chosenMetrics(search).map(async (one): Promise<ExploredMetric> => {
      const query = queryOf(one, now);
      if (query === undefined) throw new Error("No metric is chosen.");
      const before = { ...query, from: query.from - weekMillis, to: query.to - weekMillis };
      const [result, weekBefore] = await Promise.all([
        queryMetrics(query, signal),
        search.compare === "week" ? queryMetrics(before, signal) : null,
      ]);
      return { part: partsOf(one)[0] ?? {}, result, weekBefore };
    }),
  );
}
