import { logStreamPage } from "../../../contract/index.ts";
import { formatRelative } from "../../output/format.ts";
import { sayMore, tableOr } from "../../output/output.ts";
import { parseInteger } from "../../parse.ts";
import { defineVerb } from "../../verb.ts";

export const listLogStreams = defineVerb<{ prefix?: string; limit: string }>({
  name: "streams",
  summary: "List the streams of a log group, the one with the latest event first",
  configure: (command) =>
    command
      .argument("<group>", "name of the log group")
      .option("--prefix <text>", "beginning of the name; the list is then in order of names")
      .option("--limit <n>", "how many, at most 1000", "200"),
  run: async (cli, [group = ""], { prefix, limit }) => {
    const order = prefix === undefined ? { orderBy: "lastEventTime", descending: true } : { prefix };
    const query = { group, ...order, limit: parseInteger(limit, "--limit") };
    const page = await cli.api.get("/api/v1/logs/streams", logStreamPage, { query });
    const now = cli.terminal.clock.now();
    cli.out.show(page, () =>
      tableOr(
        "No streams.",
        ["Name", "Created", "First event", "Last event", "Last arrival"],
        page.items.map((stream) => [
          stream.name,
          formatRelative(stream.createdAt, now),
          formatRelative(stream.firstEventAt, now),
          formatRelative(stream.lastEventAt, now),
          formatRelative(stream.lastIngestionAt, now),
        ]),
      ),
    );
    sayMore(cli.out, page, "raise --limit or give a --prefix.");
  },
});
