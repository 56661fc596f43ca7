import { metricPage } from "../../../contract/index.ts";
import { formatRelative } from "../../output/format.ts";
import { sayMore, tableOr } from "../../output/output.ts";
import { parseInteger } from "../../parse.ts";
import { defineVerb } from "../../verb.ts";

export const listMetrics = defineVerb<{ namespace?: string; text?: string; region?: string; limit: string }>({
  name: "list",
  summary: "List metrics with their statistics and number of series",
  configure: (command) =>
    command
      .option("--namespace <name>", "namespace, such as AWS/EC2")
      .option("--text <part>", "part of the metric's name")
      .option("--region <region>", "region")
      .option("--limit <n>", "how many", "200"),
  run: async (cli, _args, { limit, ...filter }) => {
    const query = { ...filter, limit: parseInteger(limit, "--limit") };
    const page = await cli.api.get("/api/v1/metrics/names", metricPage, { query });
    cli.out.show(page, () =>
      tableOr(
        "No metric matches.",
        ["Namespace", "Metric", "Statistics", "Series", "Unit", "Last seen"],
        page.items.map((item) => [
          item.namespace,
          item.metricName,
          item.statistics.join(" "),
          item.series,
          item.unit,
          formatRelative(item.lastSeenAt, cli.terminal.clock.now()),
        ]),
      ),
    );
    sayMore(cli.out, page, "raise --limit or filter.");
  },
});
