import { batchesOf, fetchAll, type ListedMetric, type Model, pointsOf, queriesFor } from "./model.ts";

/** After prometheus-community/yet-another-cloudwatch-exporter: a discovery job with `length` and `period` of one poll, no delay. */
export const yace: Model = {
  name: "model of YACE",
  assumes:
    "window of one period that ends at now rounded down to the period, delay 0; newest point only; a failed page drops its batch",
  appendOnly: true,
  start: (settings) => async (aws, nowMs) => {
    const { namespaces, periodMs, statistics } = settings;
    const metrics: ListedMetric[] = [];
    for (const namespace of namespaces) {
      try {
        for await (const page of aws.listPages(namespace, { recentlyActive: false })) metrics.push(...page);
      } catch {
        // A job whose discovery fails is missing from this scrape.
      }
    }
    const endMs = Math.floor(nowMs / periodMs) * periodMs;
    for (const batch of batchesOf(queriesFor(metrics, statistics))) {
      const results = await fetchAll(aws, batch, { startMs: endMs - periodMs, endMs, periodMs }).catch(
        () => [],
      );
      for (const { query, points } of pointsOf(batch, results)) aws.keep(query, points.slice(0, 1));
    }
  },
};
