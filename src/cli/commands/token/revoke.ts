import { defineVerb } from "../../verb.ts";

export const revokeToken = defineVerb({
  name: "revoke",
  summary: "Revoke one of your REST tokens",
  configure: (command) => command.argument("<id>", "id of the token, see `nepho token list`"),
  run: async (cli, [id = ""]) => {
    await cli.api.send("DELETE", `/api/v1/tokens/${encodeURIComponent(id)}`);
    cli.out.done({ revoked: id }, `Revoked ${id}.`);
  },
});
