import type { MetricNaming } from "../../contract/index.ts";
import type { FedSeries, MetricFamily } from "../../telemetry/index.ts";
import { familyName, labelsOf } from "../naming.ts";
import type { Selector } from "./selectors.ts";

export const endOfText = "# EOF\n";

/**
 * What stands above the samples of a family. There is no `# UNIT` line: it demands names that end with the unit, and ours are
 * those that dashboards know; the help names it.
 */
export function familyHead(name: string, { namespace, metricName, statistic, unit }: MetricFamily): string {
  const words = `${statistic} of ${metricName} in ${namespace}${unit === "" || unit === "None" ? "" : `, ${unit}`}`;
  return `# TYPE ${name} gauge\n# HELP ${name} ${escapeText(words)}\n`;
}

/** Samples of a series in the order of time; empty when the selector does not want it. */
export function seriesLines(
  name: string,
  series: FedSeries,
  options: { naming: MetricNaming; selector: Selector; timestamps: boolean },
): string {
  const labels = labelsOf(series, options.naming);
  if (!options.selector(new Map([["__name__", name], ...labels]))) return "";
  const written = labels.map(([label, value]) => `${label}="${escapeText(value)}"`).join(",");
  const head = `${name}{${written}} `;
  return series.points
    .map(([second, value]) => `${head}${value}${options.timestamps ? ` ${second}` : ""}\n`)
    .join("");
}

export interface NamedFamily {
  readonly name: string;
  /** Metrics that get the same name, such as those that differ in case only, are one family. */
  readonly members: readonly MetricFamily[];
}

/** Families in the order of their names. */
export function nameFamilies(families: readonly MetricFamily[]): NamedFamily[] {
  return [...Map.groupBy(families, familyName)]
    .map(([name, members]) => ({ name, members }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function escapeText(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
