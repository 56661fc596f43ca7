import { findCredential } from "../../find-credential.ts";
import { defineVerb } from "../../verb.ts";

export const deleteCredential = defineVerb({
  name: "delete",
  summary: "Delete a credential and its secrets; refused while integrations use it",
  configure: (command) => command.argument("<credential>", "name or id"),
  run: async (cli, [idOrName = ""]) => {
    const { id, name } = await findCredential(cli.api, idOrName);
    await cli.api.send("DELETE", `/api/v1/credentials/${id}`);
    cli.out.done({ deleted: id }, `Deleted ${name}.`);
  },
});
