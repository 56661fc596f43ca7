import type { MetricNaming } from "../contract/index.ts";

/** What names need to know of a series. */
export interface NamedSeries {
  readonly integrationId: string;
  readonly accountId: string;
  readonly region: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly statistic: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export const defaultNaming: MetricNaming = { labels: "original", tags: true };

/**
 * `aws_ec2_cpuutilization_average`: namespace, metric and statistic in the manner of YACE, so that its dashboards find them.
 * A namespace of one's own gets `aws_` in front.
 */
export function familyName(series: Pick<NamedSeries, "namespace" | "metricName" | "statistic">): string {
  const namespace = clean(series.namespace.toLowerCase()).replace(/^_+/, "");
  const prefix = namespace.startsWith("aws") ? "" : "aws_";
  return `${prefix}${namespace}_${snake(series.metricName)}_${snake(series.statistic)}`;
}

/** Labels by name in the order of bytes, without that of the metric. An empty value is no label in Prometheus. */
export function labelsOf(series: NamedSeries, naming: MetricNaming): [name: string, value: string][] {
  const labels = new Map<string, string>();
  const add = (name: string, value: string) => {
    if (value !== "") labels.set(freeName(labels, name), value);
  };
  const caseOf = naming.labels === "snake" ? snake : clean;
  add("account_id", series.accountId);
  add("integration_id", series.integrationId);
  add("region", series.region);
  for (const [name, value] of sorted(series.dimensions)) add(`dimension_${caseOf(name)}`, value);
  if (naming.tags) for (const [name, value] of sorted(series.tags)) add(`tag_${caseOf(name)}`, value);
  return sorted(Object.fromEntries(labels));
}

/** `Instance-Id` and `Instance.Id` would be the same label twice, which no receiver accepts. */
function freeName(labels: ReadonlyMap<string, string>, name: string): string {
  let free = name;
  for (let number = 2; labels.has(free); number++) free = `${name}_${number}`;
  return free;
}

function sorted(map: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(map).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function snake(text: string): string {
  return clean(text.replace(/([a-z0-9])([A-Z])/g, "$1_$2")).toLowerCase();
}

/** Letters, digits and underscores, which is all that names in Prometheus may hold. */
function clean(text: string): string {
  return text.replaceAll("%", "_percent").replace(/[^A-Za-z0-9_]/g, "_");
}
