import { owedWindowPage } from "../../../contract/index.ts";
import { findIntegrationId } from "../../find-integration.ts";
import { formatDuration, formatRelative } from "../../output/format.ts";
import { tableOr } from "../../output/output.ts";
import { parseInteger, withoutAbsent } from "../../parse.ts";
import { defineVerb } from "../../verb.ts";
import { describeMetrics, describePlace } from "./windows.ts";

export const listOwed = defineVerb<{ limit: string; what: string; reason?: string }>({
  name: "owed",
  summary: "List windows of time that are still to be read, oldest first",
  configure: (command) =>
    command
      .argument("[integration]", "name or id; all without it")
      .option("--what <kind>", "missing, re-read or all", "missing")
      .option("--reason <reason>", "only windows owed for this reason, such as throttled")
      .option("--limit <n>", "how many", "50"),
  run: async (cli, [idOrName], { limit, reason, what }) => {
    const integrationId = idOrName === undefined ? undefined : await findIntegrationId(cli.api, idOrName);
    const query = withoutAbsent({ limit: parseInteger(limit, "--limit"), what, reason, integrationId });
    const page = await cli.api.get("/api/v1/owed-windows", owedWindowPage, { query });
    const now = cli.terminal.clock.now();
    cli.out.show(page, () =>
      tableOr(
        "Nothing is owed.",
        ["Integration", "Where", "From", "Length", "Metrics", "Reason", "Tries", "Next try", "Detail"],
        page.items.map((owed) => [
          owed.integrationName,
          describePlace(owed),
          owed.from,
          formatDuration(Date.parse(owed.to) - Date.parse(owed.from)),
          describeMetrics(owed),
          owed.reading > 0 ? `${owed.reason} ${owed.reading}` : owed.reason,
          owed.tries,
          formatRelative(owed.dueAt, now),
          owed.detail,
        ]),
      ),
    );
  },
});
