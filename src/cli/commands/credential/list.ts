import { credentialPage } from "../../../contract/index.ts";
import { formatRelative } from "../../output/format.ts";
import { tableOr } from "../../output/output.ts";
import { defineVerb } from "../../verb.ts";

export const listCredentials = defineVerb<{ text?: string; status?: string; method?: string }>({
  name: "list",
  summary: "List credentials with status, identity and use",
  configure: (command) =>
    command
      .option("--text <part>", "part of the name or description")
      .option("--status <status>", "untested, ok, partial or failed")
      .option("--method <method>", "default, profile, keys, instance or web-identity"),
  run: async (cli, _args, { text, status, method }) => {
    const page = await cli.api.get("/api/v1/credentials", credentialPage, {
      query: { text, status, method, limit: 1000 },
    });
    cli.out.show(page, () =>
      tableOr(
        "No credentials yet. Make one with `nepho credential create`.",
        ["Name", "Method", "Region", "Status", "Tested", "Account", "Used by", "Id"],
        page.items.map((item) => [
          item.name,
          item.roleChain.length === 0 ? item.method : `${item.method} + ${item.roleChain.length} role(s)`,
          item.region,
          item.status,
          formatRelative(item.testedAt, cli.terminal.clock.now()),
          item.identity?.accountId,
          item.usedBy.length,
          item.id,
        ]),
      ),
    );
  },
});
