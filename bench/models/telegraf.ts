import { batchesOf, fetchAll, type ListedMetric, type Model, pointsOf, queriesFor } from "./model.ts";

const delayMs = 5 * 60_000;
const cachedForMs = 3_600_000;

/** After Telegraf's inputs.cloudwatch with the delay of its sample settings. */
export const telegraf: Model = {
  name: "model of Telegraf inputs.cloudwatch",
  assumes:
    "from the end of the last window, kept in memory only, to 5 minutes ago; all points; a failed batch loses its window; a list that breaks off is kept for an hour",
  appendOnly: false,
  start: (settings) => {
    const { namespaces, periodMs, statistics } = settings;
    let windowEndMs: number | undefined;
    let cache: { readonly metrics: readonly ListedMetric[]; readonly untilMs: number } | undefined;
    return async (aws, nowMs) => {
      const endMs = nowMs - delayMs;
      const startMs = windowEndMs ?? endMs - periodMs;
      windowEndMs = endMs;
      if (!cache || nowMs >= cache.untilMs) {
        const metrics: ListedMetric[] = [];
        try {
          for (const namespace of namespaces)
            for await (const page of aws.listPages(namespace, { recentlyActive: false }))
              metrics.push(...page);
        } catch {
          // It logs the error, leaves the loop and takes the list as it is.
        }
        cache = { metrics, untilMs: nowMs + cachedForMs };
      }
      for (const batch of batchesOf(queriesFor(cache.metrics, statistics))) {
        const results = await fetchAll(aws, batch, { startMs, endMs, periodMs }).catch(() => []);
        for (const { query, points } of pointsOf(batch, results)) aws.keep(query, points);
      }
    };
  },
};
