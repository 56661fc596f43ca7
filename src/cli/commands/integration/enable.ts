import { findIntegrationId } from "../../find-integration.ts";
import { defineVerb } from "../../verb.ts";

export const enableIntegration = defineVerb({
  name: "enable",
  summary: "Enable a cloud integration; it runs at once",
  configure: (command) => command.argument("<integration>", "name or id"),
  run: async (cli, [idOrName = ""]) => {
    const id = await findIntegrationId(cli.api, idOrName);
    await cli.api.send("POST", `/api/v2/cloudintegration/${encodeURIComponent(id)}/enable`);
    cli.out.done({ enabled: id }, `Enabled ${idOrName}.`);
  },
});
