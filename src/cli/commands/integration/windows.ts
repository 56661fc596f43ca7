import type { Gap, OwedWindow } from "../../../contract/index.ts";

type Window = Pick<
  OwedWindow & Gap,
  "accountId" | "region" | "kind" | "metrics" | "firstMetric" | "lastMetric"
>;

export function describePlace({ accountId, region, kind }: Window): string {
  return [accountId, region, kind].filter((part) => part !== null).join(" ");
}

export function describeMetrics({ metrics, firstMetric, lastMetric }: Window): string {
  if (firstMetric === null) return "all";
  return firstMetric === lastMetric
    ? `${metrics}: ${firstMetric}`
    : `${metrics}: ${firstMetric} to ${lastMetric}`;
}
