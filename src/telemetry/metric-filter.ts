import type { Parameter } from "./parameters.ts";

/** What selects series; all given parts must match. */
export interface SeriesFilter {
  readonly integrationId?: string | undefined;
  readonly accountId?: string | undefined;
  readonly region?: string | undefined;
  readonly namespace?: string | undefined;
  readonly metricName?: string | undefined;
  readonly statistic?: string | undefined;
  /** Values that a dimension may have; dimensions are AND-ed, values OR-ed. */
  readonly dimensions?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Part of the metric's name, any case; with a dot also of its full name in Wavefront's spelling, `aws.ec2.cpuutilization`. */
  readonly text?: string | undefined;
}

const columns = {
  integrationId: "integration_id",
  accountId: "account_id",
  region: "region",
  namespace: "namespace",
  metricName: "metric_name",
  statistic: "statistic",
} as const;

/** The filter as a WHERE condition with its parameters; `1` when everything matches. */
export function filterCondition(filter: SeriesFilter): {
  condition: string;
  parameters: Record<string, Parameter>;
} {
  const parameters: Record<string, Parameter> = {};
  const conditions: string[] = [];
  for (const [name, column] of Object.entries(columns)) {
    const value = filter[name as keyof typeof columns];
    if (value === undefined) continue;
    conditions.push(`${column} = {${name}:String}`);
    parameters[name] = value;
  }
  for (const [index, [name, values]] of Object.entries(filter.dimensions ?? {}).entries()) {
    conditions.push(`has({values${index}:Array(String)}, dimensions[{dimension${index}:String}])`);
    // Without this, an empty value in the list would match series that lack the dimension.
    conditions.push(`mapContains(dimensions, {dimension${index}:String})`);
    parameters[`dimension${index}`] = name;
    parameters[`values${index}`] = values;
  }
  if (filter.text) {
    conditions.push(textCondition(filter.text));
    parameters.text = filter.text;
  }
  return { condition: conditions.join(" AND ") || "1", parameters };
}

/** As `wireMetricName` of the contract spells it. */
const fullName =
  "replaceRegexpAll(lower(concat(replaceAll(namespace, '/', '.'), '.', metric_name)), '[^a-z0-9_.-]', '-')";

/** Without a dot it is no full name, and a namespace's own name would match each of its metrics. */
function textCondition(text: string): string {
  const inName = "positionCaseInsensitiveUTF8(metric_name, {text:String}) > 0";
  if (!text.includes(".")) return inName;
  const inFullName = `position(${fullName}, lower({text:String})) > 0`;
  const withStatistic = `startsWith(concat(${fullName}, '.', lower(statistic)), lower({text:String}))`;
  return `(${inName} OR ${inFullName} OR ${withStatistic})`;
}
