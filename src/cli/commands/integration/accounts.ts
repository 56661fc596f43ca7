import { integrationAccountPage } from "../../../contract/index.ts";
import { findIntegrationId } from "../../find-integration.ts";
import { formatRelative } from "../../output/format.ts";
import { tableOr } from "../../output/output.ts";
import { parseInteger, withoutAbsent } from "../../parse.ts";
import { defineVerb } from "../../verb.ts";

export const listAccounts = defineVerb<{ limit: string; state?: string }>({
  name: "accounts",
  summary: "List the AWS accounts of a cloud integration and how each is doing",
  configure: (command) =>
    command
      .argument("<integration>", "name or id")
      .option("--state <state>", "only accounts that are ok, failing, denied, suspended or new")
      .option("--limit <n>", "how many", "1000"),
  run: async (cli, [idOrName = ""], { limit, state }) => {
    const id = await findIntegrationId(cli.api, idOrName);
    const query = withoutAbsent({ limit: parseInteger(limit, "--limit"), state });
    const path = `/api/v1/integrations/${encodeURIComponent(id)}/accounts`;
    const page = await cli.api.get(path, integrationAccountPage, { query });
    const now = cli.terminal.clock.now();
    cli.out.show(page, () =>
      tableOr(
        "No accounts yet: they are known after the first run.",
        ["Account", "Name", "State", "Last data", "Metrics", "Found", "Error"],
        page.items.map((account) => [
          account.accountId,
          account.name,
          account.state,
          formatRelative(account.lastDataAt, now),
          account.metrics,
          account.origin,
          account.lastError,
        ]),
      ),
    );
  },
});
