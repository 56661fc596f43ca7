import { defineVerb } from "../../verb.ts";

export const deleteLogGroup = defineVerb({
  name: "delete-group",
  summary: "Delete a log group with all its streams and events",
  configure: (command) => command.argument("<name>", "name of the log group"),
  run: async (cli, [name = ""]) => {
    await cli.api.send("DELETE", "/api/v1/logs/group", { query: { name } });
    cli.out.done({ deleted: name }, `Deleted ${name}.`);
  },
});
