import { metricDelayList } from "../../../contract/index.ts";
import { formatDuration } from "../../output/format.ts";
import { tableOr } from "../../output/output.ts";
import { defineVerb } from "../../verb.ts";
import { addMetricOptions, type MetricOptions, toMetricQuery } from "./metric-options.ts";

export const listDelays = defineVerb<MetricOptions>({
  name: "delays",
  summary: "List how late the points of metrics come, and when they have their final value",
  configure: addMetricOptions,
  run: async (cli, _args, options) => {
    const query = toMetricQuery(options);
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
