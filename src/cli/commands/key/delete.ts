import { defineVerb } from "../../verb.ts";

export const deleteKey = defineVerb({
  name: "delete",
  summary: "Delete an API key; it stops working at once and for good",
  configure: (command) => command.argument("<id>", "id of the key, see `nepho key list`"),
  run: async (cli, [id = ""]) => {
    await cli.api.send("DELETE", `/api/v1/keys/${encodeURIComponent(id)}`);
    cli.out.done({ deleted: id }, `Deleted ${id}.`);
  },
});
