import { logEventPage, logHistogram } from "../../../contract/index.ts";
import { usageError } from "../../cli-error.ts";
import { showPages } from "../../pages.ts";
import { parseLimit, parseRange } from "../../parse.ts";
import { type Cli, collect, defineVerb } from "../../verb.ts";
import { eventPrinter, type MessageOptions } from "./event-lines.ts";
import { describeHistogram } from "./histogram.ts";

interface QueryOptions extends MessageOptions {
  from: string;
  to: string;
  stream?: string[];
  order: string;
  limit: string;
  histogram?: boolean;
}

export const queryLogs = defineVerb<QueryOptions>({
  name: "query",
  summary: "Find events of a log group, or count them over time",
  configure: (command) =>
    command
      .argument("<group>", "name of the log group")
      .argument("[pattern]", "CloudWatch filter pattern; all events without one")
      .option("--from <time>", "start: a time ago such as -3h, or ISO 8601", "-1h")
      .option("--to <time>", "end: now, a time ago, or ISO 8601", "now")
      .option("--stream <name>", "only this stream; may be repeated", collect)
      .option("--order <asc|desc>", "oldest or newest first", "desc")
      .option("--limit <n>", "most events", "100")
      .option("--histogram", "draw how many events there are over time instead")
      .option("--raw", "print messages only, as they are stored")
      .option("--ndjson", "print messages only, each as one line of JSON")
      .addHelpText(
        "after",
        `
Examples:
  nepho logs query /shop/web ERROR --from -3h
  nepho logs query /shop/web '{ $.status = 5* && $.ms > 1000 }' --stream web-1 --stream web-2
  nepho logs query /shop/web --from 2026-11-21T08:00:00Z --to 2026-11-21T09:00:00Z --order asc --limit 100000 --ndjson
  nepho logs query /shop/web ERROR --from -1d --histogram`,
      ),
  run: async (cli, [group = "", pattern], options) => {
    const range = parseRange(options, cli.terminal.clock.now());
    const filter = { group, pattern, stream: options.stream, ...range };
    if (options.histogram) await showHistogram(cli, filter, options);
    else await showEvents(cli, filter, options);
  },
});

interface Filter extends Readonly<Record<string, string | number | readonly string[] | undefined>> {
  readonly group: string;
  readonly pattern: string | undefined;
  readonly stream: readonly string[] | undefined;
  readonly from: number;
  readonly to: number;
}

async function showHistogram(cli: Cli, filter: Filter, { raw, ndjson }: MessageOptions): Promise<void> {
  if (raw || ndjson) throw usageError("--histogram prints no messages: leave out --raw and --ndjson.");
  const query = { ...filter, buckets: 120 };
  const histogram = await cli.api.get("/api/v1/logs/histogram", logHistogram, { query });
  cli.out.show(histogram, () => describeHistogram(histogram, filter, cli.terminal));
}

async function showEvents(cli: Cli, filter: Filter, options: QueryOptions): Promise<void> {
  const print = eventPrinter(cli, options);
  const limit = parseLimit(options.limit);
  if (options.order !== "asc" && options.order !== "desc")
    throw usageError(`--order is asc or desc, not: ${options.order}`);
  await showPages(cli, limit, {
    read: (page) => {
      const query = { ...filter, order: options.order, ...page };
      return cli.api.get("/api/v1/logs/events", logEventPage, { query });
    },
    print: (events) => events.map(print).join(""),
    atOnce: false,
    empty: "No event matches in this range.",
  });
}
