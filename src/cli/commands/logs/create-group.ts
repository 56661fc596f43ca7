import { logGroup, logStream } from "../../../contract/index.ts";
import { parseInteger, withoutAbsent } from "../../parse.ts";
import { collect, defineVerb } from "../../verb.ts";

interface CreateGroupOptions {
  retention?: string;
  allowKeys?: boolean;
  protect?: boolean;
  stream?: string[];
}

export const createLogGroup = defineVerb<CreateGroupOptions>({
  name: "create-group",
  summary: "Make a log group, and streams in it",
  configure: (command) =>
    command
      .argument("<name>", "such as /shop/web")
      .option(
        "--retention <days>",
        "days that events are kept, as AWS allows: 1, 3, 5, 7, 14, 30, … (for ever)",
      )
      .option("--allow-keys", "let API keys send to it")
      .option("--protect", "refuse to delete it until the protection is off")
      .option("--stream <name>", "make this stream too; may be repeated", collect)
      .addHelpText(
        "after",
        "\nExample:\n  nepho logs create-group /shop/web --retention 30 --allow-keys --stream web-1",
      ),
  run: async (cli, [name = ""], { retention, allowKeys, protect, stream: streams = [] }) => {
    const body = withoutAbsent({
      name,
      retentionDays: retention === undefined ? undefined : parseInteger(retention, "--retention"),
      bearerTokenAuthenticationEnabled: allowKeys,
      deletionProtectionEnabled: protect,
    });
    const group = await cli.api.post("/api/v1/logs/groups", logGroup, { body });
    for (const stream of streams)
      await cli.api.post("/api/v1/logs/streams", logStream, { body: { group: name, name: stream } });
    cli.out.done(
      { ...group, streams },
      [`Created ${name}.`, ...streams.map((stream) => `Created its stream ${stream}.`)].join("\n"),
    );
  },
});
