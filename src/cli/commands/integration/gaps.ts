import { gapPage } from "../../../contract/index.ts";
import { findIntegrationId } from "../../find-integration.ts";
import { formatDuration } from "../../output/format.ts";
import { tableOr } from "../../output/output.ts";
import { parseInteger, withoutAbsent } from "../../parse.ts";
import { defineVerb } from "../../verb.ts";
import { describeMetrics, describePlace } from "./windows.ts";

export const listGaps = defineVerb<{ limit: string }>({
  name: "gaps",
  summary: "List windows of time that AWS no longer keeps, newest first",
  configure: (command) =>
    command.argument("[integration]", "name or id; all without it").option("--limit <n>", "how many", "50"),
  run: async (cli, [idOrName], { limit }) => {
    const integrationId = idOrName === undefined ? undefined : await findIntegrationId(cli.api, idOrName);
    const query = withoutAbsent({ limit: parseInteger(limit, "--limit"), integrationId });
    const page = await cli.api.get("/api/v1/gaps", gapPage, { query });
    cli.out.show(page, () =>
      tableOr(
        "No gaps.",
        ["Integration", "Where", "From", "Length", "Metrics", "Reason", "Detail"],
        page.items.map((gap) => [
          gap.integrationName,
          describePlace(gap),
          gap.from,
          formatDuration(Date.parse(gap.to) - Date.parse(gap.from)),
          describeMetrics(gap),
          gap.reason,
          gap.detail,
        ]),
      ),
    );
  },
});
