import { type ApiKey, apiKeyPage } from "../../../contract/index.ts";
import { escapeText } from "../../output/escape.ts";
import { formatRelative } from "../../output/format.ts";
import { sayMore, tableOr } from "../../output/output.ts";
import { type Cli, defineVerb } from "../../verb.ts";

const warningMs = 14 * 86_400_000;

export const listKeys = defineVerb<{ user?: string }>({
  name: "list",
  summary: "List API keys, and warn about those that expire in less than 14 days",
  configure: (command) => command.option("--user <name>", "only this user's"),
  run: async (cli, _args, { user }) => {
    const page = await cli.api.get("/api/v1/keys", apiKeyPage, { query: { user, limit: 1000 } });
    const now = cli.terminal.clock.now();
    cli.out.show(page, () =>
      tableOr(
        "No API keys.",
        ["Id", "User", "Alias", "Status", "Created", "Expires", "Last used"],
        page.items.map((key) => [
          key.id,
          key.userName,
          key.alias,
          key.status,
          formatRelative(key.createdAt, now),
          key.expiresAt === null ? "never" : formatRelative(key.expiresAt, now),
          formatRelative(key.lastUsedAt, now),
        ]),
      ),
    );
    sayMore(cli.out, page, "choose a user with --user.");
    warnAboutExpiry(page.items, now, cli);
  },
});

function warnAboutExpiry(keys: readonly ApiKey[], now: number, { out, terminal }: Cli): void {
  if (out.json) return;
  for (const { id, userName, status, expiresAt } of keys) {
    if (status !== "Active" || expiresAt === null || Date.parse(expiresAt) - now >= warningMs) continue;
    terminal.writeError(
      `Warning: ${escapeText(`${id} of ${userName}`)} expires ${formatRelative(expiresAt, now)}. Make its successor with \`nepho key create\` in time.\n`,
    );
  }
}
