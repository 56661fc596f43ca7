import { integrationSummaryPage } from "../../../contract/index.ts";
import { formatRelative } from "../../output/format.ts";
import { tableOr } from "../../output/output.ts";
import { defineVerb } from "../../verb.ts";

export const listIntegrations = defineVerb<{ text?: string; state?: string; deleted?: boolean }>({
  name: "list",
  summary: "List cloud integrations with state, last data and next run",
  configure: (command) =>
    command
      .option("--text <part>", "part of the name")
      .option("--state <state>", "ok, waiting, failing, disabled or disabled-by-error")
      .option("--deleted", "those in the trash"),
  run: async (cli, _args, { text, state, deleted }) => {
    const query = { text, state, deleted, limit: 1000 };
    const page = await cli.api.get("/api/v1/integrations", integrationSummaryPage, { query });
    const now = cli.terminal.clock.now();
    cli.out.show(page, () =>
      tableOr(
        deleted ? "The trash is empty." : "No integrations yet. Make one with `nepho integration create`.",
        ["Name", "Service", "State", "Credential", "Regions", "Last data", "Metrics", "Next run", "Id"],
        page.items.map((item) => [
          item.name,
          item.service,
          item.state,
          item.credentialName ?? item.roleArn,
          item.regions.join(" "),
          formatRelative(item.lastDataAt, now),
          item.lastMetricCount,
          formatRelative(item.nextRunAt, now),
          item.id,
        ]),
      ),
    );
  },
});
