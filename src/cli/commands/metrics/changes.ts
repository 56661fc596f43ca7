import { metricChangePage } from "../../../contract/index.ts";
import { formatNumber, formatRelative } from "../../output/format.ts";
import { tableOr } from "../../output/output.ts";
import { defineVerb } from "../../verb.ts";
import { describeLabels } from "./labels.ts";
import { addMetricOptions, type MetricOptions, toMetricQuery } from "./metric-options.ts";

export const listChanges = defineVerb<MetricOptions>({
  name: "changes",
  summary: "List values that a later reading replaced, the latest first",
  configure: addMetricOptions,
  run: async (cli, _args, options) => {
    const query = toMetricQuery(options);
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
