import { integrationSummary } from "../../../contract/index.ts";
import { findIntegrationId } from "../../find-integration.ts";
import { formatRelative } from "../../output/format.ts";
import { formatRecord } from "../../output/table.ts";
import { defineVerb } from "../../verb.ts";

export const showIntegration = defineVerb({
  name: "show",
  summary: "Show one cloud integration and its last run",
  configure: (command) => command.argument("<integration>", "name or id"),
  run: async (cli, [idOrName = ""]) => {
    const id = await findIntegrationId(cli.api, idOrName);
    const item = await cli.api.get(`/api/v1/integrations/${encodeURIComponent(id)}`, integrationSummary);
    const now = cli.terminal.clock.now();
    cli.out.show(item, () =>
      formatRecord([
        ["Name", item.name],
        ["Id", item.id],
        ["Service", item.service],
        ["State", `${item.state}${item.stateReason === "" ? "" : `: ${item.stateReason}`}`],
        ["Credential", item.credentialName ?? item.credentialId],
        ["Role", item.roleArn],
        ["Regions", item.regions.join(" ")],
        ["Every", `${item.refreshMinutes} min`],
        ["Last data", formatRelative(item.lastDataAt, now)],
        ["Metrics", item.lastMetricCount],
        ["Next run", formatRelative(item.nextRunAt, now)],
        [
          "Last run",
          item.lastRun === null
            ? null
            : `${item.lastRun.state}, ${formatRelative(item.lastRun.startedAt, now)}, ${item.lastRun.pointsStored} points`,
        ],
        ["Error", item.lastRun?.error?.message],
        ["Advice", item.lastRun?.error?.advice.join(" ")],
      ]),
    );
  },
});
