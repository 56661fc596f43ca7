import { wireMetricName } from "../../../contract/index.ts";
import { compilePattern } from "../../patterns.ts";
import type { ListedMetric } from "./client.ts";
import type { CloudWatchConfig } from "./config.ts";
import { instanceSelection, type Selection, type Tags, volumeSelection } from "./tags.ts";

/** Settings that decide whether a metric is wanted, in the order in which they are asked. */
export type SelectingSetting =
  | "namespaces"
  | "metricFilterRegex"
  | "s3BucketNameFilterRegex"
  | "instanceSelectionTags"
  | "volumeSelectionTags";

/** Why a metric is not wanted. */
export interface Rejection {
  readonly setting: SelectingSetting;
  /** What was held against the setting. */
  readonly subject: string;
}

/** Undefined for a metric that is wanted. */
export type Select = (metric: ListedMetric, resourceTags: Tags) => Rejection | undefined;

/** Throws `pattern_invalid` for an expression that does not compile. */
export function createSelect(config: CloudWatchConfig): Select {
  const wantsName = createNameFilter(config.metricFilterRegex);
  const wantsBucket = compilePattern(
    config.s3BucketNameFilterRegex ?? "",
    "cloudWatch.s3BucketNameFilterRegex",
  );
  const namespaces = new Set(config.namespaces.map((namespace) => namespace.toLowerCase()));
  const selections: Readonly<Record<string, [SelectingSetting, Selection | undefined]>> = {
    "AWS/EC2": ["instanceSelectionTags", instanceSelection(config)],
    "AWS/EBS": ["volumeSelectionTags", volumeSelection(config)],
  };
  return (metric, resourceTags) => {
    const { namespace, metricName, dimensions } = metric;
    if (namespaces.size > 0 && !namespaces.has(namespace.toLowerCase()))
      return { setting: "namespaces", subject: namespace };
    if (!wantsName(namespace, metricName))
      return { setting: "metricFilterRegex", subject: wireMetricName(namespace, metricName) };
    const bucket = namespace === "AWS/S3" ? dimensions.BucketName : undefined;
    if (bucket !== undefined && !wantsBucket.matches(bucket))
      return { setting: "s3BucketNameFilterRegex", subject: bucket };
    const [setting, wantsTags] = selections[namespace] ?? [];
    if (setting === undefined || wantsTags === undefined || resourceIdOf(metric) === undefined)
      return undefined;
    return wantsTags(resourceTags) ? undefined : { setting, subject: describeTags(resourceTags) };
  };
}

/** The instance or volume a metric is about; undefined for sums over many, to which no selection applies. */
export function resourceIdOf({ namespace, dimensions }: ListedMetric): string | undefined {
  if (namespace === "AWS/EC2") return dimensions.InstanceId;
  return namespace === "AWS/EBS" ? dimensions.VolumeId : undefined;
}

/**
 * Held against the full name without statistic, once for each name. Some names have a `%` in AWS's documentation, which the
 * full name writes as `-`: either is accepted.
 */
function createNameFilter(expression: string): (namespace: string, metricName: string) => boolean {
  const pattern = compilePattern(expression, "cloudWatch.metricFilterRegex");
  const known = new Map<string, boolean>();
  return (namespace, metricName) => {
    const spelled = `${namespace.replaceAll("/", ".")}.${metricName}`;
    const found = known.get(spelled);
    if (found !== undefined) return found;
    const wanted = pattern.matches(wireMetricName(namespace, metricName)) || pattern.matches(spelled);
    known.set(spelled, wanted);
    return wanted;
  };
}

function describeTags(tags: Tags): string {
  const pairs = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? "no tags" : pairs.join(", ");
}
