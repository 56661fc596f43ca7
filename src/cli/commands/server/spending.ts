import { type Spending, spending, spendingGroups } from "../../../contract/index.ts";
import { usageError } from "../../cli-error.ts";
import { findCredential } from "../../find-credential.ts";
import { findIntegrationId } from "../../find-integration.ts";
import { formatUsdRange } from "../../output/format.ts";
import { tableOr } from "../../output/output.ts";
import { formatRecord } from "../../output/table.ts";
import { defineVerb } from "../../verb.ts";

interface Options {
  month?: string;
  by: string;
  integration?: string;
  credential?: string;
}

export const showSpending = defineVerb<Options>({
  name: "spending",
  summary: "What calls to AWS have cost this month, and what the month will cost",
  configure: (command) =>
    command
      .option("--month <month>", "a month in UTC, such as 2026-11 (this month)")
      .option("--by <group>", `one line for each ${spendingGroups.join(", ")}`, "integration")
      .option("--integration <integration>", "only of this integration, by name or id")
      .option("--credential <credential>", "only of this credential, by name or id"),
  run: async (cli, _, options) => {
    const groupBy = spendingGroups.find((group) => group === options.by);
    if (!groupBy) throw usageError(`--by is one of ${spendingGroups.join(", ")}.`);
    const query = {
      groupBy,
      ...(options.month !== undefined && { month: options.month }),
      ...(options.integration !== undefined && {
        integrationId: await findIntegrationId(cli.api, options.integration),
      }),
      ...(options.credential !== undefined && {
        credentialId: (await findCredential(cli.api, options.credential)).id,
      }),
    };
    cli.out.show(await cli.api.get("/api/v1/spending", spending, { query }), describe);
  },
});

function describe(found: Spending): string {
  const { total, projected, items, groupBy } = found;
  const facts = formatRecord([
    ["Month", found.month],
    ["US dollars", formatUsdRange(total.usd)],
    ["At its end", projected === null ? "(the month is over)" : formatUsdRange(projected)],
    ["Calls", total.calls],
    [
      "Metrics requested",
      `${Math.round(total.metricsRequested.low)} to ${Math.round(total.metricsRequested.high)}`,
    ],
    ["Counting rule", found.countingRule],
    ["AWS's bill", found.reconciliation.message],
  ]);
  const heading = `${groupBy[0]?.toUpperCase()}${groupBy.slice(1)}`;
  const table = tableOr(
    "Nothing was spent.",
    [heading, "$", "Cap $", "Calls", "Metrics requested"],
    items.map((item) => [
      item.name,
      formatUsdRange(item.usd),
      item.monthlyCapUsd?.toFixed(2),
      item.calls,
      `${Math.round(item.metricsRequested.low)} to ${Math.round(item.metricsRequested.high)}`,
    ]),
  );
  return `${facts}\n${table}`;
}
