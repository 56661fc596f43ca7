import { batchesOf, fetchAll, listAll, type Model, pointsOf, queriesFor } from "./model.ts";

const delayMs = 600_000;

/** After the metrics of the OpenTelemetry Collector's awscloudwatch receiver, with its defaults: delay 10 minutes, period 5. */
export const otel: Model = {
  name: "model of OpenTelemetry awscloudwatch",
  assumes:
    "exactly one interval, aligned to the period, that ends 10 minutes ago; all points; the first failing batch discards the scrape",
  appendOnly: false,
  start: (settings) => async (aws, nowMs) => {
    const { periodMs, pollMs, statistics } = settings;
    const endMs = Math.floor((nowMs - delayMs) / periodMs) * periodMs;
    try {
      const metrics = await listAll(aws, settings, { recentlyActive: true });
      const answers: ReturnType<typeof pointsOf>[] = [];
      for (const batch of batchesOf(queriesFor(metrics, statistics)))
        answers.push(
          pointsOf(batch, await fetchAll(aws, batch, { startMs: endMs - pollMs, endMs, periodMs })),
        );
      for (const answer of answers) for (const { query, points } of answer) aws.keep(query, points);
    } catch {
      // Nothing of this scrape is passed on.
    }
  },
};
