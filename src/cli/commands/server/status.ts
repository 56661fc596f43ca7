import { overview, serverSettings } from "../../../contract/index.ts";
import { formatDuration, formatRelative } from "../../output/format.ts";
import { tableOr } from "../../output/output.ts";
import { formatRecord } from "../../output/table.ts";
import { defineVerb } from "../../verb.ts";

export const status = defineVerb({
  name: "status",
  summary: "What is connected, what is broken and why, how fresh the data is",
  run: async (cli) => {
    const [settings, now] = [await cli.api.get("/api/v1/settings", serverSettings), cli.terminal.clock.now()];
    const seen = await cli.api.get("/api/v1/overview", overview);
    cli.out.show({ settings, overview: seen }, () => {
      const { credentials, integrations, metrics, runsLastDay } = seen;
      const facts = formatRecord([
        ["Server", `${cli.serverUrl()}, version ${settings.version}`],
        ["Stores", `database ${settings.stores.database}, telemetry ${settings.stores.telemetry}`],
        [
          "Credentials",
          `${credentials.total} (${credentials.ok} ok, ${credentials.partial} partial, ${credentials.failed} failed, ${credentials.untested} untested)`,
        ],
        [
          "Integrations",
          `${integrations.total} (${integrations.ok} ok, ${integrations.failing} failing, ${integrations.disabled} disabled, ${integrations.waiting} waiting)`,
        ],
        ["Metrics", `${metrics.metrics} in ${metrics.namespaces} namespaces, ${metrics.series} series`],
        ["Newest point", formatRelative(metrics.lastDataAt, now)],
        [
          "Last 24 hours",
          `${runsLastDay.total} runs, ${runsLastDay.failed} failed, ${runsLastDay.points} points, ${runsLastDay.apiCalls} API calls, about $${runsLastDay.costUsd.toFixed(2)}`,
        ],
      ]);
      const problems = seen.problems.map((problem) => [
        problem.severity,
        problem.kind,
        problem.name,
        problem.since === null ? null : formatDuration(now - Date.parse(problem.since)),
        [problem.message, ...problem.advice].join(" "),
      ]);
      return `${facts}\n${tableOr("Nothing is broken.", ["Severity", "Kind", "Name", "Since", "Problem"], problems)}`;
    });
  },
});
