import { findIntegrationId } from "../../find-integration.ts";
import { defineVerb } from "../../verb.ts";

export const undeleteIntegration = defineVerb({
  name: "undelete",
  summary: "Take a cloud integration out of the trash",
  configure: (command) => command.argument("<integration>", "name or id"),
  run: async (cli, [idOrName = ""]) => {
    const id = await findIntegrationId(cli.api, idOrName, true);
    await cli.api.send("POST", `/api/v2/cloudintegration/${encodeURIComponent(id)}/undelete`);
    cli.out.done({ undeleted: id }, `Taken out of the trash: ${idOrName}.`);
  },
});
