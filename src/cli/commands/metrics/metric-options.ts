import type { Command } from "commander";
import { parseInteger } from "../../parse.ts";

/** Which metrics a list is about. */
export interface MetricOptions {
  integration?: string;
  namespace?: string;
  metric?: string;
  limit: string;
}

export function addMetricOptions(command: Command): Command {
  return command
    .option("--integration <id>", "only this integration")
    .option("--namespace <name>", "namespace, such as AWS/EC2")
    .option("--metric <name>", "metric, such as CPUUtilization")
    .option("--limit <n>", "how many", "50");
}

export function toMetricQuery({ integration, namespace, metric, limit }: MetricOptions) {
  return {
    integrationId: integration,
    namespace,
    metricName: metric,
    limit: parseInteger(limit, "--limit"),
  };
}
