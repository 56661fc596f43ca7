import { logGroupPage } from "../../../contract/index.ts";
import { formatBytes, formatRelative } from "../../output/format.ts";
import { sayMore, tableOr } from "../../output/output.ts";
import { parseInteger } from "../../parse.ts";
import { defineVerb } from "../../verb.ts";

export const listLogGroups = defineVerb<{ limit: string }>({
  name: "groups",
  summary: "List log groups with retention, size and last event, and whether API keys may send",
  configure: (command) =>
    command.argument("[text]", "part of the name").option("--limit <n>", "how many, at most 1000", "200"),
  run: async (cli, [text], { limit }) => {
    const query = { text, limit: parseInteger(limit, "--limit") };
    const page = await cli.api.get("/api/v1/logs/groups", logGroupPage, { query });
    const now = cli.terminal.clock.now();
    cli.out.show(page, () =>
      tableOr(
        "No log groups. `nepho logs create-group` makes one.",
        ["Name", "Kept", "API keys", "Protected", "Size", "Last event"],
        page.items.map((group) => [
          group.name,
          group.retentionDays === null ? "for ever" : `${group.retentionDays} days`,
          group.bearerTokenAuthenticationEnabled ? "on" : "off",
          group.deletionProtectionEnabled,
          formatBytes(group.storedBytes),
          formatRelative(group.lastEventAt, now),
        ]),
      ),
    );
    sayMore(cli.out, page, "raise --limit or give a part of the name.");
  },
});
