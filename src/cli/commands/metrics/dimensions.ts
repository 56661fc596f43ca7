import { dimensionList } from "../../../contract/index.ts";
import { tableOr } from "../../output/output.ts";
import { defineVerb } from "../../verb.ts";

const valuesShown = 8;

export const listDimensions = defineVerb<{ region?: string }>({
  name: "dimensions",
  summary: "List the dimensions of a namespace or metric with their values",
  configure: (command) =>
    command
      .argument("<namespace>", "such as AWS/EC2")
      .argument("[metric]", "such as CPUUtilization")
      .option("--region <region>", "region"),
  run: async (cli, [namespace, metricName], { region }) => {
    const query = { namespace, metricName, region };
    const list = await cli.api.get("/api/v1/metrics/dimensions", dimensionList, { query });
    const rows = list.items.map((item) => {
      const shown = item.values.slice(0, valuesShown).join(", ");
      return [item.name, item.totalValues, item.totalValues > valuesShown ? `${shown}, …` : shown];
    });
    cli.out.show(list, () => tableOr("No series matches.", ["Dimension", "Values", "Examples"], rows));
  },
});
