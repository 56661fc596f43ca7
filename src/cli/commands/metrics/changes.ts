import { metricChangePage } from "../../../contract/index.ts";
import { formatNumber, formatRelative } from "../../output/format.ts";
import { tableOr } from "../../output/output.ts";
import { parseInteger } from "../../parse.ts";
import { defineVerb } from "../../verb.ts";
import { describeLabels } from "./labels.ts";

interface Options {
  integration?: string;
  namespace?: string;
  metric?: string;
  limit: string;
}

export const listChanges = defineVerb<Options>({
  name: "changes",
  summary: "List values that a later reading replaced, the latest first",
  configure: (command) =>
    command
      .option("--integration <id>", "only this integration")
      .option("--namespace <name>", "namespace, such as AWS/EC2")
      .option("--metric <name>", "metric, such as CPUUtilization")
      .option("--limit <n>", "how many", "50"),
  run: async (cli, _args, { integration, namespace, metric, limit }) => {
    const query = {
      integrationId: integration,
      namespace,
      metricName: metric,
      limit: parseInteger(limit, "--limit"),
    };
    const page = await cli.api.get("/api/v1/metrics/changes", metricChangePage, { query });
    cli.out.show(page, () =>
      tableOr(
        "No value has changed after it was read.",
        ["Seen", "Metric", "Statistic", "Of", "Time", "Before", "After"],
        page.items.map((item) => [
          formatRelative(item.seenAt, cli.terminal.clock.now()),
          `${item.namespace} ${item.metricName}`,
          item.statistic,
          describeLabels({ ...item.dimensions, region: item.region }),
          item.at,
          formatNumber(item.before),
          formatNumber(item.after),
        ]),
      ),
    );
  },
});
