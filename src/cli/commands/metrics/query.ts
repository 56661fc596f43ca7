import { type MetricQueryResult, metricQueryResult } from "../../../contract/index.ts";
import { usageError } from "../../cli-error.ts";
import { drawChart } from "../../output/chart.ts";
import { escapeText } from "../../output/escape.ts";
import { formatNumber } from "../../output/format.ts";
import { tableOr } from "../../output/output.ts";
import { parseInteger, parseTime, withoutAbsent } from "../../parse.ts";
import { type Cli, collect, defineVerb } from "../../verb.ts";
import { describeLabels } from "./labels.ts";

interface QueryOptions {
  statistic: string;
  from: string;
  to: string;
  step?: string;
  aggregation?: string;
  groupBy?: string;
  dimension?: string[];
  region?: string;
  integration?: string;
  account?: string;
  limit: string;
  settled?: boolean;
  csv?: boolean;
}

export const queryMetrics = defineVerb<QueryOptions>({
  name: "query",
  summary: "Query a metric and draw it in the terminal, or print CSV or JSON",
  configure: (command) =>
    command
      .argument("<namespace>", "such as AWS/EC2")
      .argument("<metric>", "such as CPUUtilization")
      .option(
        "--statistic <name>",
        "as collected: Average, Sum, Minimum, Maximum, SampleCount, p99…",
        "Average",
      )
      .option("--from <time>", "start: a time ago such as -3h, or ISO 8601", "-3h")
      .option("--to <time>", "end: now, a time ago, or ISO 8601", "now")
      .option("--step <seconds>", "width of a bucket (chosen from the range)")
      .option("--aggregation <how>", "avg, sum, min, max, count or last: how series of a group become one")
      .option(
        "--group-by <names>",
        "dimensions, region, accountId, separated by commas; `none` makes one series of all",
      )
      .option(
        "--dimension <name=value>",
        "only series with this value; repeat a name to allow several",
        collect,
      )
      .option("--region <region>", "only this region")
      .option("--integration <id>", "only this integration")
      .option("--account <id>", "only this AWS account")
      .option("--limit <n>", "most series", "8")
      .option("--settled", "leave out points that may still change")
      .option("--csv", "print CSV")
      .addHelpText(
        "after",
        "\nExample:\n  nepho metrics query AWS/EC2 CPUUtilization --from -6h --group-by InstanceId",
      ),
  run: async (cli, [namespace = "", metricName = ""], options) => {
    if (options.csv && cli.out.json) throw usageError("--csv and --json exclude each other.");
    const body = buildQuery(namespace, metricName, options, cli.terminal.clock.now());
    if (options.csv) {
      cli.out.raw(await cli.api.text("POST", "/api/v1/metrics/query", { body, accept: "text/csv" }));
      return;
    }
    const result = await cli.api.post("/api/v1/metrics/query", metricQueryResult, { body });
    cli.out.show(result, () =>
      cli.terminal.interactive
        ? chart(`${namespace} ${metricName} ${options.statistic}`, result, cli)
        : summary(result),
    );
    if (result.truncated)
      cli.terminal.writeError(
        `Showing ${result.series.length} of ${result.totalSeries} series; raise --limit or filter.\n`,
      );
  },
});

function buildQuery(namespace: string, metricName: string, options: QueryOptions, now: number) {
  return withoutAbsent({
    namespace,
    metricName,
    statistic: options.statistic,
    from: parseTime(options.from, "--from", now),
    to: parseTime(options.to, "--to", now),
    stepSeconds: options.step === undefined ? undefined : parseInteger(options.step, "--step"),
    aggregation: options.aggregation,
    groupBy: parseGroupBy(options.groupBy),
    dimensions: options.dimension === undefined ? undefined : parseDimensions(options.dimension),
    region: options.region,
    integrationId: options.integration,
    accountId: options.account,
    limit: parseInteger(options.limit, "--limit"),
    finality: options.settled ? "settled" : undefined,
  });
}

function parseGroupBy(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined;
  return text === "none" ? [] : text.split(",").map((name) => name.trim());
}

function parseDimensions(pairs: readonly string[]): Record<string, string[]> {
  const dimensions: Record<string, string[]> = {};
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    if (at < 1) throw usageError(`--dimension takes name=value, not: ${pair}`);
    const name = pair.slice(0, at);
    dimensions[name] = [...(dimensions[name] ?? []), pair.slice(at + 1)];
  }
  return dimensions;
}

function chart(title: string, result: MetricQueryResult, { terminal }: Cli): string {
  const drawn = drawChart(
    result.series.map(({ labels, points }) => ({ label: describeLabels(labels), points })),
    {
      from: result.from,
      to: result.to,
      stepMs: result.stepSeconds * 1000,
      width: Math.min(terminal.columns, 140),
      height: Math.max(6, Math.min(16, terminal.rows - result.series.length - 6)),
      colour: terminal.colour,
      unit: result.unit,
    },
  );
  return `${escapeText(title)}, one point per ${result.stepSeconds} s\n\n${drawn}`;
}

/** Without a terminal: one line a series. */
function summary(result: MetricQueryResult): string {
  const rows = result.series.map(({ labels, points }) => {
    const values = points.map(([, value]) => value);
    const last = points.at(-1);
    return [
      describeLabels(labels),
      points.length,
      values.length === 0 ? null : formatNumber(values.reduce((low, value) => Math.min(low, value))),
      values.length === 0 ? null : formatNumber(values.reduce((high, value) => Math.max(high, value))),
      last === undefined ? null : formatNumber(last[1]),
      last === undefined ? null : new Date(last[0]).toISOString(),
    ];
  });
  return tableOr(
    result.noData?.message ?? "No data in this range. `nepho metrics list` shows what is collected.",
    ["Series", "Points", "Min", "Max", "Last", "At"],
    rows,
  );
}
