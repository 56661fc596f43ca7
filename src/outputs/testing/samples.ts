import type { FedSeries } from "../../telemetry/index.ts";

/** A series as the store gives it; `change` replaces any part. */
export function sampleSeries(change: Partial<FedSeries> = {}): FedSeries {
  return {
    seriesId: "00000000-0000-4000-8000-000000000001",
    integrationId: "11111111-1111-4111-8111-111111111111",
    accountId: "111122223333",
    accountAlias: "production",
    region: "eu-west-1",
    namespace: "AWS/EC2",
    metricName: "CPUUtilization",
    statistic: "Average",
    periodSeconds: 300,
    unit: "Percent",
    dimensions: { InstanceId: "i-1" },
    tags: { Name: "web" },
    points: [
      [1_767_225_600, 1.5],
      [1_767_225_900, 2.5],
    ],
    ...change,
  };
}
