import { type IntegrationAdvice, integrationAdvice } from "../../../contract/index.ts";
import { findIntegrationId } from "../../find-integration.ts";
import { formatUsdRange } from "../../output/format.ts";
import { tableOr } from "../../output/output.ts";
import { formatRecord } from "../../output/table.ts";
import { defineVerb } from "../../verb.ts";

export const adviseIntegration = defineVerb({
  name: "advice",
  summary: "How an integration could cost less, and by how much",
  configure: (command) => command.argument("<integration>", "name or id"),
  run: async (cli, [idOrName = ""]) => {
    const id = await findIntegrationId(cli.api, idOrName);
    const advice = await cli.api.get(
      `/api/v1/integrations/${encodeURIComponent(id)}/advice`,
      integrationAdvice,
    );
    cli.out.show(advice, describe);
  },
});

function describe({ usdPerMonth, spentThisMonthUsd, monthlyCapUsd, items }: IntegrationAdvice): string {
  const facts = formatRecord([
    ["US dollars a month", formatUsdRange(usdPerMonth)],
    ["Spent this month", formatUsdRange(spentThisMonthUsd)],
    ["Monthly cap", monthlyCapUsd === null ? "(none)" : monthlyCapUsd.toFixed(2)],
  ]);
  const table = tableOr(
    "Nothing would cost less.",
    ["Saves $ a month", "Advice", "Change"],
    items.map(({ savingPerMonth, message, change }) => [
      formatUsdRange(savingPerMonth),
      message,
      JSON.stringify(change),
    ]),
  );
  return `${facts}\n${table}`;
}
