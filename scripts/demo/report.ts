import type { z } from "zod";
import { formatTable } from "../../src/cli/output/table.ts";
import type {
  MetricQueryResult,
  metricPage,
  metricSummary,
  namespaceList,
  Run,
  seriesPage,
} from "../../src/contract/index.ts";
import type { TestServer } from "../../test/support/server.ts";

const dayMs = 86_400_000;

type MetricSummary = z.infer<typeof metricSummary>;

/** What was collected, read back over the API. Throws when there is nothing: then the demo has shown nothing. */
export async function collectReport(server: TestServer, run: Run): Promise<string> {
  const list: z.infer<typeof namespaceList> = await server.api("GET", "/api/v1/metrics/namespaces");
  if (list.items.length === 0 || run.pointsStored === 0) throw new Error("the run stored no points");
  const rows = await Promise.all(
    list.items.map(async ({ namespace, metrics, series }) => {
      const items = await listMetrics(server, namespace);
      const latest = items.map(({ lastSeenAt }) => lastSeenAt).sort();
      return [namespace, metrics, series, await countPoints(server, items, run), latest.at(-1)] as const;
    }),
  );
  if (rows.some(([, , , points]) => points === 0)) throw new Error("a namespace has series but no points");
  const calls = Object.entries(run.apiCalls).map(([name, count]) => `${count} ${name}`);
  return [
    formatTable(["Namespace", "Metrics", "Series", "Points", "Latest"], rows),
    `The run stored ${run.pointsStored} points of ${run.seriesStored} series with ${calls.join(", ")} calls;`,
    `AWS would bill about $${run.costUsd.toFixed(4)} for them.`,
  ].join("\n");
}

async function listMetrics(server: TestServer, namespace: string): Promise<MetricSummary[]> {
  const query = new URLSearchParams({ namespace, limit: "1000" });
  const page: z.infer<typeof metricPage> = await server.api("GET", `/api/v1/metrics/names?${query}`);
  return page.items;
}

/** Points that the run asked for: the number of series that have one, summed over buckets of a period's width. */
async function countPoints(server: TestServer, metrics: MetricSummary[], run: Run): Promise<number> {
  let points = 0;
  for (const { namespace, metricName, statistics } of metrics) {
    const from = await firstAskedFor(server, { namespace, metricName }, run);
    for (const statistic of statistics) {
      const result: MetricQueryResult = await server.api("POST", "/api/v1/metrics/query", {
        namespace,
        metricName,
        statistic,
        from,
        to: run.windowTo,
        stepSeconds: 60,
        aggregation: "count",
        groupBy: [],
      });
      for (const series of result.series) for (const [, count] of series.points) points += count;
    }
  }
  return points;
}

/** Metrics that come a few times a day, such as the size of a bucket, are asked for over two weeks rather than the run's window. */
async function firstAskedFor(
  server: TestServer,
  metric: { namespace: string; metricName: string },
  run: Run,
): Promise<string | null> {
  const query = new URLSearchParams({ ...metric, limit: "1" });
  const page: z.infer<typeof seriesPage> = await server.api("GET", `/api/v1/metrics/series?${query}`);
  const comesRarely = (page.items[0]?.periodSeconds ?? 0) > 3600;
  return comesRarely && run.windowTo !== null
    ? new Date(Date.parse(run.windowTo) - 15 * dayMs).toISOString()
    : run.windowFrom;
}
