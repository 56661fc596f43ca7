import { type Completeness, completenessList } from "../../../contract/index.ts";
import { findIntegrationId } from "../../find-integration.ts";
import { formatRelative } from "../../output/format.ts";
import { tableOr } from "../../output/output.ts";
import { withoutAbsent } from "../../parse.ts";
import { defineVerb } from "../../verb.ts";

export const showCompleteness = defineVerb({
  name: "completeness",
  summary: "Show how complete what cloud integrations have collected is, worst first",
  configure: (command) => command.argument("[integration]", "name or id; all without it"),
  run: async (cli, [idOrName]) => {
    const integrationId = idOrName === undefined ? undefined : await findIntegrationId(cli.api, idOrName);
    const query = withoutAbsent({ integrationId });
    const list = await cli.api.get("/api/v1/completeness", completenessList, { query });
    const now = cli.terminal.clock.now();
    cli.out.show(list, () =>
      tableOr(
        "No integrations yet.",
        ["Integration", "Last day", "Last week", "Owed", "To read again", "Gaps", "Oldest owed"],
        list.items.map((item) => [
          item.integrationName,
          percent(item.lastDay),
          percent(item.lastWeek),
          item.owedWindows,
          item.rereadWindows,
          item.gaps,
          formatRelative(item.oldestOwedAt, now),
        ]),
      ),
    );
  },
});

/** Rounded down: what is not whole must not read as 100 %. */
function percent({ share }: Completeness["lastDay"]): string | null {
  return share === null ? null : `${(Math.floor(share * 10_000) / 100).toFixed(2)} %`;
}
