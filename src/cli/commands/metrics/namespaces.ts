import { namespaceList } from "../../../contract/index.ts";
import { tableOr } from "../../output/output.ts";
import { defineVerb } from "../../verb.ts";

export const listNamespaces = defineVerb<{ text?: string }>({
  name: "namespaces",
  summary: "List namespaces with their number of metrics and series",
  configure: (command) => command.option("--text <part>", "part of the name"),
  run: async (cli, _args, { text }) => {
    const list = await cli.api.get("/api/v1/metrics/namespaces", namespaceList, { query: { text } });
    const rows = list.items.map((item) => [item.namespace, item.metrics, item.series]);
    cli.out.show(list, () => tableOr("Nothing was collected yet.", ["Namespace", "Metrics", "Series"], rows));
  },
});
