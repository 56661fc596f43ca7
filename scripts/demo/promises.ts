import type {
  CloudIntegration,
  Completeness,
  IntegrationPreview,
  MetricQueryResult,
  OwedWindow,
  Page,
} from "../../src/contract/index.ts";
import type { TestServer } from "../../test/support/server.ts";

const hourMs = 3_600_000;

/** What sets the collection apart: its price, what it lacks, and which of its points may still change. */
export async function collectPromises(server: TestServer, integrationId: string): Promise<string> {
  const price = await previewPrice(server, integrationId);
  const { items }: { items: Completeness[] } = await server.api(
    "GET",
    `/api/v1/completeness?integrationId=${integrationId}`,
  );
  const share = items[0]?.lastDay.share;
  const owed: Page<OwedWindow> = await server.api(
    "GET",
    `/api/v1/owed-windows?integrationId=${integrationId}&what=all`,
  );
  return [
    `Price: a month of this costs ${usd(price.usdPerMonth.low)} to ${usd(price.usdPerMonth.high)} at AWS; known before it was saved.`,
    `Data quality: ${share == null ? "nothing to judge yet" : `${(Math.floor(share * 10_000) / 100).toFixed(2)} % of what should be stored is`}; ${owed.totalItems} windows of time are still to be read.`,
    `Finality: ${await describeFinality(server, integrationId)}`,
  ].join("\n");
}

async function previewPrice(server: TestServer, integrationId: string): Promise<IntegrationPreview> {
  const { response }: { response: CloudIntegration } = await server.api(
    "GET",
    `/api/v2/cloudintegration/${integrationId}`,
  );
  return server.api("POST", "/api/v1/integrations/preview", response);
}

async function describeFinality(server: TestServer, integrationId: string): Promise<string> {
  const now = Date.now();
  const result: MetricQueryResult = await server.api("POST", "/api/v1/metrics/query", {
    integrationId,
    namespace: "AWS/RDS",
    metricName: "CPUUtilization",
    statistic: "Average",
    from: now - hourMs,
    to: now,
    stepSeconds: 60,
    groupBy: [],
  });
  const [series] = result.series;
  if (!series) return "no points of AWS/RDS CPUUtilization in the last hour.";
  const changing = series.points.filter(([start]) => start + 60_000 > series.settledTo).length;
  return `of ${series.points.length} points of AWS/RDS CPUUtilization in the last hour ${changing} may still change.`;
}

function usd(amount: number): string {
  return `$${amount.toFixed(2)}`;
}
