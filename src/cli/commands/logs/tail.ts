import { type LogTail, logTail } from "../../../contract/index.ts";
import { CliError, exitCodes } from "../../cli-error.ts";
import { type Cli, collect, defineVerb } from "../../verb.ts";
import { eventPrinter, type MessageOptions } from "./event-lines.ts";

/** How often is asked when everything was read. */
const pollMs = 1000;
const backOffMaxMs = 15_000;
/** As many items as asked for mean that more are waiting. */
const pageEvents = 500;

interface TailOptions extends MessageOptions {
  stream?: string[];
}

export const tailLogs = defineVerb<TailOptions>({
  name: "tail",
  summary: "Show the latest events of a log group and follow it until Ctrl-C",
  configure: (command) =>
    command
      .argument("<group>", "name of the log group")
      .argument("[pattern]", "CloudWatch filter pattern; all events without one")
      .option("--stream <name>", "only this stream; may be repeated", collect)
      .option("--raw", "print messages only, as they are stored")
      .option("--ndjson", "print messages only, each as one line of JSON")
      .addHelpText(
        "after",
        `
With --json each event is one line. When the server goes away, it is tried again until it is back.

Examples:
  nepho logs tail /shop/web
  nepho logs tail /shop/web '?ERROR ?WARN' --stream web-1
  nepho logs tail /shop/web '{ $.status = 500 }' --json | jq .message`,
      ),
  run: async (cli, [group = "", pattern], options) => {
    const print = eventPrinter(cli, options);
    const interrupted = cli.terminal.catchInterrupts();
    try {
      for await (const { items } of follow(cli, { group, pattern, stream: options.stream }, interrupted))
        cli.out.raw(
          items.map((event) => (cli.out.json ? `${JSON.stringify(event)}\n` : print(event))).join(""),
        );
    } catch (error) {
      if (!interrupted.aborted) throw error;
    }
  },
});

type Filter = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Ends with an error only: of the first question, one that another try cannot cure, or the interruption. */
async function* follow(cli: Cli, filter: Filter, interrupted: AbortSignal): AsyncGenerator<LogTail> {
  const { clock } = cli.terminal;
  let cursor: string | undefined;
  for (;;) {
    const ask = () =>
      cli.api.get("/api/v1/logs/tail", logTail, {
        query: { ...filter, limit: pageEvents, cursor },
        signal: interrupted,
      });
    const tail = cursor === undefined ? await ask() : await askUntilAnswered(cli, ask, interrupted);
    yield tail;
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
