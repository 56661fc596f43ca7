import { defineVerb } from "../../verb.ts";

export const deleteLogStream = defineVerb({
  name: "delete-stream",
  summary: "Delete a stream of a log group with its events",
  configure: (command) =>
    command.argument("<group>", "name of the log group").argument("<stream>", "name of the stream"),
  run: async (cli, [group = "", name = ""]) => {
    await cli.api.send("DELETE", "/api/v1/logs/stream", { query: { group, name } });
    cli.out.done({ deleted: name, group }, `Deleted ${name} of ${group}.`);
  },
});
