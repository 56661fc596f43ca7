import { findIntegrationId } from "../../find-integration.ts";
import { defineVerb } from "../../verb.ts";

export const disableIntegration = defineVerb({
  name: "disable",
  summary: "Disable a cloud integration; its data stays",
  configure: (command) => command.argument("<integration>", "name or id"),
  run: async (cli, [idOrName = ""]) => {
    const id = await findIntegrationId(cli.api, idOrName);
    await cli.api.send("POST", `/api/v2/cloudintegration/${encodeURIComponent(id)}/disable`);
    cli.out.done({ disabled: id }, `Disabled ${idOrName}.`);
  },
});
