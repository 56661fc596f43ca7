import { logRejectionList } from "../../../contract/index.ts";
import { formatRelative } from "../../output/format.ts";
import { tableOr } from "../../output/output.ts";
import { defineVerb } from "../../verb.ts";

export const listLogRejections = defineVerb({
  name: "rejections",
  summary:
    "What senders got wrong: counts by log group, API key and reason, with the beginning of the last one",
  configure: (command) => command.argument("[group]", "only this log group"),
  run: async (cli, [group]) => {
    const list = await cli.api.get("/api/v1/logs/rejections", logRejectionList, { query: { group } });
    const now = cli.terminal.clock.now();
    cli.out.show(list, () =>
      tableOr(
        "Nothing was rejected.",
        ["Group", "Key", "Reason", "Count", "Last", "Begins with"],
        list.items.map((item) => [
          item.group,
          item.keyId,
          item.reason,
          item.count,
          formatRelative(item.lastAt, now),
          item.lastSample,
        ]),
      ),
    );
  },
});
