import { findIntegrationId } from "../../find-integration.ts";
import { defineVerb } from "../../verb.ts";

export const deleteIntegration = defineVerb<{ skipTrash?: boolean }>({
  name: "delete",
  summary: "Move a cloud integration to the trash",
  configure: (command) =>
    command.argument("<integration>", "name or id").option("--skip-trash", "delete it for good at once"),
  run: async (cli, [idOrName = ""], { skipTrash = false }) => {
    const id = await findIntegrationId(cli.api, idOrName);
    const query = skipTrash ? { skipTrash: true } : {};
    await cli.api.send("DELETE", `/api/v2/cloudintegration/${encodeURIComponent(id)}`, { query });
    cli.out.done(
      { deleted: id, skipTrash },
      skipTrash ? `Deleted ${idOrName}.` : `Moved ${idOrName} to the trash.`,
    );
  },
});
