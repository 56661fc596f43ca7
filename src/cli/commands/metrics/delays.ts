import { metricDelayList } from "../../../contract/index.ts";
import { formatDuration } from "../../output/format.ts";
import { tableOr } from "../../output/output.ts";
import { parseInteger } from "../../parse.ts";
import { defineVerb } from "../../verb.ts";

interface Options {
  integration?: string;
  namespace?: string;
  metric?: string;
  limit: string;
}

export const listDelays = defineVerb<Options>({
  name: "delays",
  summary: "List how late the points of metrics come, and when they have their final value",
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
    const list = await cli.api.get("/api/v1/metrics/delays", metricDelayList, { query });
    const seconds = (value: number) => formatDuration(value * 1000);
    cli.out.show(list, () =>
      tableOr(
        "Nothing was counted in the last two weeks.",
        ["Metric", "Points", "Late", "Changed", "Half come after", "999 in 1,000 after", "Final after"],
        list.items.map((item) => [
          `${item.namespace} ${item.metricName}`,
          item.points,
          item.late,
          item.changed,
          seconds(item.arrivesAfterSeconds.p50),
          seconds(item.arrivesAfterSeconds.p999),
          seconds(item.settlesAfterSeconds),
        ]),
      ),
    );
  },
});
