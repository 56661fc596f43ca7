import { tokenList } from "../../../contract/index.ts";
import { formatRelative } from "../../output/format.ts";
import { tableOr } from "../../output/output.ts";
import { defineVerb } from "../../verb.ts";

export const listTokens = defineVerb({
  name: "list",
  summary: "List your REST tokens",
  run: async (cli) => {
    const list = await cli.api.get("/api/v1/tokens", tokenList);
    const now = cli.terminal.clock.now();
    cli.out.show(list, () =>
      tableOr(
        "No tokens.",
        ["Name", "Ends with", "Status", "Created", "Expires", "Last used", "Id"],
        list.items.map((token) => [
          token.name,
          token.hint,
          token.status,
          formatRelative(token.createdAt, now),
          formatRelative(token.expiresAt, now),
          formatRelative(token.lastUsedAt, now),
          token.id,
        ]),
      ),
    );
  },
});
