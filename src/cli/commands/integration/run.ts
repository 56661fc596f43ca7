import { findIntegrationId } from "../../find-integration.ts";
import { defineVerb } from "../../verb.ts";

export const runIntegration = defineVerb({
  name: "run",
  summary: "Start a run of a cloud integration now",
  configure: (command) => command.argument("<integration>", "name or id"),
  run: async (cli, [idOrName = ""]) => {
    const id = await findIntegrationId(cli.api, idOrName);
    await cli.api.send("POST", `/api/v1/integrations/${encodeURIComponent(id)}/run`);
    cli.out.done({ queued: id }, `Queued a run of ${idOrName}. See: nepho integration runs ${id}`);
  },
});
