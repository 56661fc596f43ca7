import { logStream } from "../../../contract/index.ts";
import { defineVerb } from "../../verb.ts";

export const createLogStream = defineVerb({
  name: "create-stream",
  summary: "Make a stream in a log group",
  configure: (command) =>
    command.argument("<group>", "name of the log group").argument("<stream>", "name of the stream"),
  run: async (cli, [group = "", name = ""]) => {
    const stream = await cli.api.post("/api/v1/logs/streams", logStream, { body: { group, name } });
    cli.out.done(stream, `Created ${name} in ${group}.`);
  },
});
