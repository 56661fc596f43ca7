import type { MetricChange, MetricDelay, MetricQueryResult, Spending } from "../../../contract/index.ts";
import { at, integrationId } from "./ids.ts";

export const metricChange: MetricChange = {
  integrationId,
  accountId: "111122223333",
  region: "us-east-1",
  namespace: "AWS/EC2",
  metricName: "CPUUtilization",
  statistic: "Average",
  dimensions: { InstanceId: "i-1" },
  at,
  before: 1,
  after: 1.5,
  seenAt: at,
};

export const metricDelay: MetricDelay = {
  integrationId,
  namespace: "AWS/EC2",
  metricName: "CPUUtilization",
  points: 10_000,
  late: 12,
  changed: 3,
  arrivesAfterSeconds: { p50: 180, p999: 600 },
  settlesAfterSeconds: 900,
};

export const metricResult: MetricQueryResult = {
  from: 0,
  to: 60_000,
  stepSeconds: 60,
  unit: "Percent",
  series: [{ labels: { InstanceId: "i-1" }, points: [[0, 1.5]], settledTo: 60_000 }],
  missing: [{ from: 0, to: 60_000, integrationId, region: "us-east-1", reason: "throttled", lost: false }],
  noData: null,
  totalSeries: 1,
  truncated: false,
  tookMs: 1,
};

export const spending: Spending = {
  month: "2026-01",
  groupBy: "integration",
  total: { calls: 12, metricsRequested: { low: 1000, high: 5000 }, usd: { low: 0.01, high: 0.05 } },
  projected: { low: 0.3, high: 1.5 },
  items: [
    {
      key: integrationId,
      name: "Production",
      calls: 12,
      metricsRequested: { low: 1000, high: 5000 },
      usd: { low: 0.01, high: 0.05 },
      monthlyCapUsd: 5,
    },
  ],
  countingRule: "AWS charges $0.01 per 1,000 metrics requested with GetMetricData.",
  reconciliation: { state: "no-cost-data", message: "No Cost Explorer data is collected.", billedUsd: null },
};
