import { createdApiKey } from "../../../contract/index.ts";
import { defineVerb } from "../../verb.ts";
import { showSecret } from "./describe.ts";

export const resetKey = defineVerb({
  name: "reset",
  summary: "Give an API key a new value, shown this once; the old one stops working at once",
  configure: (command) =>
    command
      .argument("<id>", "id of the key, see `nepho key list`")
      .addHelpText("after", "\nExample:\n  (umask 077; nepho key reset ACCA… > shop-logs.key)"),
  run: async (cli, [id = ""]) => {
    const path = `/api/v1/keys/${encodeURIComponent(id)}/reset`;
    showSecret(cli, await cli.api.post(path, createdApiKey));
  },
});
