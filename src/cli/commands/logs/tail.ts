import { type LogEvent, type LogTail, logEventPage, logTail } from "../../../contract/index.ts";
import { CliError, exitCodes } from "../../cli-error.ts";
import { pageItemsMax } from "../../pages.ts";
import { parseTime } from "../../parse.ts";
import { type Cli, collect, defineVerb } from "../../verb.ts";
import { eventPrinter, type MessageOptions } from "./event-lines.ts";

/** How often is asked when everything was read. */
const pollMs = 1000;
const backOffMaxMs = 15_000;
/** As many items as asked for mean that more are waiting. */
const pageEvents = 500;
const aheadMs = 2 * 3_600_000;

interface TailOptions extends MessageOptions {
  stream?: string[];
  since?: string;
}

export const tailLogs = defineVerb<TailOptions>({
  name: "tail",
  summary: "Show the latest events of a log group and follow it until Ctrl-C",
  configure: (command) =>
    command
      .argument("<group>", "name of the log group")
      .argument("[pattern]", "CloudWatch filter pattern; all events without one")
      .option("--stream <name>", "only this stream; may be repeated", collect)
      .option("--since <time>", "begin with all events since: a time ago such as -3h, or ISO 8601")
      .option("--raw", "print messages only, as they are stored")
      .option("--ndjson", "print messages only, each as one line of JSON")
      .addHelpText(
        "after",
        `
Without --since it begins with at most 50 events of the last five minutes. With --json each event is one line. When the server goes away, it is tried again until it is back.

Examples:
  nepho logs tail /shop/web
  nepho logs tail /shop/web --since -1h
  nepho logs tail /shop/web '?ERROR ?WARN' --stream web-1
  nepho logs tail /shop/web '{ $.status = 500 }' --json | jq .message`,
      ),
  run: async (cli, [group = "", pattern], options) => {
    const print = eventPrinter(cli, options);
    const { clock } = cli.terminal;
    const since = options.since === undefined ? undefined : parseTime(options.since, "--since", clock.now());
    const interrupted = cli.terminal.catchInterrupts();
    const filter = { group, pattern, stream: options.stream };
    const events =
      since === undefined ? follow(cli, filter, interrupted) : followSince(cli, filter, since, interrupted);
    try {
      for await (const items of events)
        cli.out.raw(
          items.map((event) => (cli.out.json ? `${JSON.stringify(event)}\n` : print(event))).join(""),
        );
    } catch (error) {
      if (!interrupted.aborted) throw error;
    }
  },
});

type Filter = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * The tail's place is taken before the past is read, so that nothing falls between the two; what both of them give is shown
 * once.
 */
async function* followSince(
  cli: Cli,
  filter: Filter,
  since: number,
  interrupted: AbortSignal,
): AsyncGenerator<readonly LogEvent[]> {
  const tail = follow(cli, filter, interrupted);
  await tail.next();
  const shown = new Set<string>();
  for await (const items of readPast(cli, filter, since, interrupted)) {
    for (const { id } of items) shown.add(id);
    yield items;
  }
  for await (const items of tail) yield items.filter(({ id }) => !shown.delete(id));
}

/** Oldest first. The end is as far ahead as the server takes events. */
async function* readPast(
  cli: Cli,
  filter: Filter,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<readonly LogEvent[]> {
  const range = { from, to: Math.max(from, cli.terminal.clock.now()) + aheadMs, order: "asc" };
  let cursor: string | undefined;
  do {
    const query = { ...filter, ...range, limit: pageItemsMax, cursor };
    const page = await cli.api.get("/api/v1/logs/events", logEventPage, { query, signal });
    yield page.items;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

/** Ends with an error only: of the first question, one that another try cannot cure, or the interruption. */
async function* follow(
  cli: Cli,
  filter: Filter,
  interrupted: AbortSignal,
): AsyncGenerator<readonly LogEvent[]> {
  const { clock } = cli.terminal;
  let cursor: string | undefined;
  for (;;) {
    const ask = () =>
      cli.api.get("/api/v1/logs/tail", logTail, {
        query: { ...filter, limit: pageEvents, cursor },
        signal: interrupted,
      });
    const tail = cursor === undefined ? await ask() : await askUntilAnswered(cli, ask, interrupted);
    yield tail.items;
    cursor = tail.cursor;
    if (tail.items.length < pageEvents) await clock.sleep(pollMs, interrupted);
  }
}

async function askUntilAnswered(
  { terminal }: Cli,
  ask: () => Promise<LogTail>,
  interrupted: AbortSignal,
): Promise<LogTail> {
  for (let waitMs = pollMs, away = false; ; waitMs = Math.min(backOffMaxMs, waitMs * 2)) {
    try {
      const tail = await ask();
      if (away) terminal.writeError("The server is back.\n");
      return tail;
    } catch (error) {
      if (interrupted.aborted || !mayPass(error)) throw error;
      if (!away) terminal.writeError("The server does not answer; trying again until it does.\n");
      away = true;
    }
    await terminal.clock.sleep(waitMs, interrupted);
  }
}

/** Away, overloaded, or its stores are: another try may do. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof CliError)) return false;
  const { status } = error.details;
  return (
    error.exitCode === exitCodes.unreachable ||
    (typeof status === "number" && (status >= 500 || status === 429))
  );
}
