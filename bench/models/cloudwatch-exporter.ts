import { batchesOf, listAll, type Model, pointsOf, queriesFor, toQuery } from "./model.ts";

const delayMs = 600_000;
const rangeMs = 600_000;

/** After prometheus/cloudwatch_exporter with `use_get_metric_data`, which its documents call experimental; delay and range as shipped. */
export const cloudwatchExporter: Model = {
  name: "model of cloudwatch_exporter",
  assumes:
    "600 s of range that end 600 s ago, not aligned; newest point only; first page only; an error ends the scrape, what came before it is kept",
  appendOnly: true,
  start: (settings) => async (aws, nowMs) => {
    const { periodMs, statistics } = settings;
    const endMs = nowMs - delayMs;
    try {
      const metrics = await listAll(aws, settings, { recentlyActive: true });
      for (const batch of batchesOf(queriesFor(metrics, statistics))) {
        const queries = batch.map((query, index) => toQuery(query, index, periodMs));
        const { results } = await aws.getData({ queries, startMs: endMs - rangeMs, endMs });
        for (const { query, points } of pointsOf(batch, results)) aws.keep(query, points.slice(0, 1));
      }
    } catch {
      // The scrape reports scrape_error and serves what it has.
    }
  },
};
