import type { IntegrationPreview } from "../../../contract/index.ts";
import { compilePattern } from "../../patterns.ts";
import type { ListedMetric } from "./client.ts";
import type { ResourceTags } from "./collect.ts";
import type { CloudWatchConfig } from "./config.ts";
import { knownNamespace } from "./names.ts";
import { createSelect, type Rejection, resourceIdOf } from "./selection.ts";

type Unmatched = IntegrationPreview["unmatched"][number];

/** What one region has that the settings leave out, and what they could take. */
export interface RegionMatches {
  readonly unmatched: readonly Unmatched[];
  /** Namespaces with listed metrics, in lower case. */
  readonly namespaces: ReadonlySet<string>;
  /** Keys of the tags of instances and volumes. */
  readonly tagKeys: ReadonlySet<string>;
}

/** Enough to see why, few enough to read. */
const examplesMax = 10;
const tagKeysMax = 100;

export function matchRegion(
  region: string,
  listed: readonly ListedMetric[],
  config: CloudWatchConfig,
  { tags, unselectable }: { tags: ResourceTags; unselectable: readonly string[] },
): RegionMatches {
  const select = createSelect(config);
  const rejections = listed.flatMap((metric) => {
    const resourceTags = tags.get(resourceIdOf(metric) ?? "") ?? {};
    const rejection = unselectable.includes(metric.namespace)
      ? withoutTags(metric)
      : select(metric, resourceTags);
    return rejection ? [{ metric, rejection }] : [];
  });
  const bySetting = Map.groupBy(rejections, ({ rejection }) => rejection.setting);
  return {
    unmatched: Array.from(bySetting, ([setting, rejected]) => ({
      setting,
      metrics: rejected.length,
      examples: examplesOf(region, rejected),
    })),
    namespaces: new Set(listed.map(({ namespace }) => namespace.toLowerCase())),
    tagKeys: new Set([...tags.values()].flatMap(Object.keys)),
  };
}

function withoutTags({ namespace }: ListedMetric): Rejection {
  return {
    setting: namespace === "AWS/EBS" ? "volumeSelectionTags" : "instanceSelectionTags",
    subject: "tags that could not be read",
  };
}

/** One of each subject first: ten metrics of one instance would show the same ten times. */
function examplesOf(
  region: string,
  rejected: readonly { metric: ListedMetric; rejection: Rejection }[],
): Unmatched["examples"] {
  const subjects = new Map(rejected.map((each) => [each.rejection.subject, each]));
  return [...subjects.values()].slice(0, examplesMax).map(({ metric, rejection }) => ({
    region,
    namespace: metric.namespace,
    metricName: metric.metricName,
    dimensions: { ...metric.dimensions },
    subject: rejection.subject,
  }));
}

/** The regions together, the setting that leaves out most first. */
export function summarizeMatches(
  config: CloudWatchConfig,
  regions: readonly RegionMatches[],
): Pick<IntegrationPreview, "unmatched" | "pointTags"> {
  const bySetting = Map.groupBy(
    regions.flatMap(({ unmatched }) => unmatched),
    ({ setting }) => setting,
  );
  const unmatched = Array.from(bySetting, ([setting, parts]) => ({
    setting,
    metrics: parts.reduce((total, { metrics }) => total + metrics, 0),
    examples: parts.flatMap(({ examples }) => examples).slice(0, examplesMax),
  }));
  return {
    unmatched: unmatched.sort((a, b) => b.metrics - a.metrics),
    pointTags: sortTagKeys(config, new Set(regions.flatMap(({ tagKeys }) => [...tagKeys]))),
  };
}

function sortTagKeys(
  { pointTagFilterRegex }: CloudWatchConfig,
  keys: ReadonlySet<string>,
): IntegrationPreview["pointTags"] {
  const pattern = compilePattern(pointTagFilterRegex, "cloudWatch.pointTagFilterRegex");
  const wants = (key: string) => pointTagFilterRegex !== "" && pattern.matches(key);
  const all = [...keys].sort();
  return {
    matched: all.filter(wants).slice(0, tagKeysMax),
    unmatched: all.filter((key) => !wants(key)).slice(0, tagKeysMax),
  };
}

/** Namespaces that the settings name and no region lists; a namespace of AWS is often written without its first part. */
export function describeEmptyNamespaces(
  { namespaces }: CloudWatchConfig,
  regions: readonly RegionMatches[],
): string[] {
  return namespaces
    .filter((namespace) => !regions.some((region) => region.namespaces.has(namespace.toLowerCase())))
    .map((namespace) => {
      const meant = knownNamespace(`AWS/${namespace}`);
      return `Nothing is listed in the namespace ${namespace}.${meant ? ` Did you mean ${meant}?` : ""}`;
    });
}
