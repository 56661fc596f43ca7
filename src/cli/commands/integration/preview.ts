import {
  cloudIntegration,
  envelope,
  type IntegrationPreview,
  integrationPreview,
} from "../../../contract/index.ts";
import type { Api } from "../../api.ts";
import { findIntegrationId } from "../../find-integration.ts";
import {
  addIntegrationSettings,
  type IntegrationSettings,
  toIntegrationInput,
} from "../../integration-settings.ts";
import { formatUsdRange } from "../../output/format.ts";
import { tableOr } from "../../output/output.ts";
import { formatRecord, formatTable } from "../../output/table.ts";
import { defineVerb } from "../../verb.ts";

export const previewIntegration = defineVerb<IntegrationSettings>({
  name: "preview",
  summary: "What an integration would match and cost a month; nothing is saved",
  configure: (command) =>
    addIntegrationSettings(
      command.argument("[integration]", "name or id of one to start from; options replace its settings"),
    ),
  run: async (cli, [idOrName], options) => {
    const changes = await toIntegrationInput(cli.api, options);
    const body = idOrName === undefined ? changes : await changeStored(cli.api, idOrName, changes);
    const preview = await cli.api.post("/api/v1/integrations/preview", integrationPreview, { body });
    cli.out.show(preview, () => describe(preview));
    for (const note of preview.notes) cli.out.say(note);
  },
});

async function changeStored(
  api: Api,
  idOrName: string,
  changes: Awaited<ReturnType<typeof toIntegrationInput>>,
) {
  const id = await findIntegrationId(api, idOrName);
  const path = `/api/v2/cloudintegration/${encodeURIComponent(id)}`;
  const { response: stored } = await api.get(path, envelope(cloudIntegration));
  return { ...stored, ...changes, id, cloudWatch: { ...stored.cloudWatch, ...changes.cloudWatch } };
}

/** The server gives more; the line has to stay readable. */
const examplesMax = 3;

function describe(preview: IntegrationPreview): string {
  const { perMonth, previewCost } = preview;
  const atLeast = preview.truncated ? "at least " : "";
  const summary = formatRecord([
    ["Matched", `${atLeast}${preview.matchedMetrics} of ${preview.listedMetrics} metrics`],
    ["Series", `${atLeast}${preview.series} (${preview.statistics.join(", ")})`],
    [
      "US dollars a month",
      `${atLeast}${formatUsdRange(preview.usdPerMonth)}, every ${preview.intervalMinutes} min`,
    ],
    [
      "Calls a month",
      `${Math.round(perMonth.getMetricDataCalls)} GetMetricData, ${Math.round(perMonth.listMetricsCalls)} ListMetrics`,
    ],
    ["Counting rule", preview.countingRule],
    ["This preview", `${previewCost.listMetricsCalls} calls, $${previewCost.usd.toFixed(5)}`],
  ]);
  const sets = preview.namespaces.flatMap((namespace) =>
    namespace.dimensionSets.map((set, index) => [
      index === 0 ? namespace.namespace : "",
      set.dimensions === "" ? "(none)" : set.dimensions,
      set.metrics,
      index === 0 ? `${namespace.everyMinutes} min` : "",
      index === 0 ? formatUsdRange(namespace.usdPerMonth) : "",
    ]),
  );
  const matches = tableOr(
    "Nothing matches.",
    ["Namespace", "Dimensions", "Metrics", "Every", "$ a month"],
    sets,
  );
  const leftOut = preview.unmatched.map(({ setting, metrics, examples }) => [
    setting,
    metrics,
    examples
      .slice(0, examplesMax)
      .map(({ subject }) => subject)
      .join(", "),
  ]);
  const whatIf = formatTable(
    ["If every", "$ a month", "Saves"],
    preview.whatIf.map((row) => [
      `${row.intervalMinutes} min`,
      formatUsdRange(row.usdPerMonth),
      formatUsdRange(row.savingPerMonth),
    ]),
  );
  const others = leftOut.length === 0 ? [] : [formatTable(["Left out by", "Metrics", "Such as"], leftOut)];
  return [summary, matches, ...others, whatIf].join("\n");
}
