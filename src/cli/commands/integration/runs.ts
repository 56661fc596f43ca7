import { runPage } from "../../../contract/index.ts";
import { findIntegrationId } from "../../find-integration.ts";
import { formatDuration, formatRelative } from "../../output/format.ts";
import { tableOr } from "../../output/output.ts";
import { parseInteger } from "../../parse.ts";
import { defineVerb } from "../../verb.ts";

export const listRuns = defineVerb<{ limit: string }>({
  name: "runs",
  summary: "List the runs of a cloud integration, newest first",
  configure: (command) =>
    command.argument("<integration>", "name or id").option("--limit <n>", "how many", "20"),
  run: async (cli, [idOrName = ""], { limit }) => {
    const id = await findIntegrationId(cli.api, idOrName);
    const query = { limit: parseInteger(limit, "--limit") };
    const page = await cli.api.get(`/api/v1/integrations/${encodeURIComponent(id)}/runs`, runPage, { query });
    cli.out.show(page, () =>
      tableOr(
        "No runs yet.",
        ["Started", "State", "Took", "Series", "Points", "API calls", "Cost $", "Error"],
        page.items.map((run) => [
          formatRelative(run.startedAt, cli.terminal.clock.now()),
          run.state,
          run.finishedAt === null
            ? null
            : formatDuration(Date.parse(run.finishedAt) - Date.parse(run.startedAt)),
          run.seriesStored,
          run.pointsStored,
          Object.values(run.apiCalls).reduce((sum, calls) => sum + calls, 0),
          run.costUsd.toFixed(4),
          run.error === null ? null : [run.error.cause, run.error.message, ...run.error.advice].join(" "),
        ]),
      ),
    );
  },
});
