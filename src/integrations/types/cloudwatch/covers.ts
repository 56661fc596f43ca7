import { wireMetricName } from "../../../contract/index.ts";
import { compilePattern } from "../../patterns.ts";
import type { Config, Coverage, MetricName } from "../integration-type.ts";
import { asCloudWatchConfig, defaultStatistics } from "./config.ts";

/** What can be told from the settings alone; tags and bucket names of single metrics are not looked at. */
export function covers(
  config: Config,
  metric: MetricName & { statistic: string; region?: string | undefined },
): Coverage {
  const { namespaces, regions, metricFilterRegex, statistics } = asCloudWatchConfig(config);
  if (metric.region !== undefined && regions && !regions.includes(metric.region)) return "other-region";
  const wanted = metric.namespace.toLowerCase();
  if (namespaces.length > 0 && !namespaces.some((name) => name.toLowerCase() === wanted))
    return "other-namespace";
  const wantsName = compilePattern(metricFilterRegex, "cloudWatch.metricFilterRegex");
  if (!wantsName.matches(wireMetricName(metric.namespace, metric.metricName))) return "filtered";
  return (statistics ?? defaultStatistics).includes(metric.statistic) ? "wanted" : "other-statistic";
}
