import { logEventsResult } from "../../../contract/index.ts";
import { exitCodes } from "../../cli-error.ts";
import { parseTime } from "../../parse.ts";
import { type Cli, defineVerb } from "../../verb.ts";
import { type Batch, toBatches } from "./put-batches.ts";
import { createRetries, type Retries } from "./put-retries.ts";

interface PutOptions {
  createMissing?: boolean;
  time?: string;
}

export const putLogs = defineVerb<PutOptions>({
  name: "put",
  summary: "Write events to a log stream: one from the arguments, or each line of standard input",
  configure: (command) =>
    command
      .argument("<group>", "name of the log group")
      .argument("<stream>", "name of the stream")
      .argument("[message...]", "one event; without it standard input is read")
      .option("--create-missing", "make the group or the stream when it is missing")
      .option("--time <time>", "time of the events: a time ago such as -3h, or ISO 8601 (when they arrive)")
      .addHelpText(
        "after",
        `
Exits with 1 when events were rejected. Empty lines are left out. After Ctrl-C what was read is still sent.
A server that is busy (429, 503) or drops the connection is tried again for up to a minute per request; no
event is stored twice by that.

Examples:
  nepho logs put /shop/web deploy 'version 4.2 is out'
  tail -F app.log | nepho logs put /shop/web web-1 --create-missing`,
      ),
  run: async (cli, [group = "", stream = "", ...words], { createMissing = false, time }) => {
    const { terminal } = cli;
    const timestampMs = time === undefined ? undefined : parseTime(time, "--time", terminal.clock.now());
    const target = { group, stream, createMissing };
    const total = createTally(cli);
    const stop = new AbortController();
    // One event has nothing to finish: Ctrl-C ends the program.
    const interrupted = words.length > 0 ? stop.signal : terminal.catchInterrupts();
    const retries = createRetries(terminal, interrupted);
    const batches =
      words.length > 0
        ? [oneEvent(words)]
        : toBatches(terminal.readLines(AbortSignal.any([interrupted, stop.signal])), terminal.clock);
    try {
      for await (const batch of batches)
        total.add(batch, await send(cli, retries, target, batch, timestampMs));
    } catch (error) {
      stop.abort();
      // Whoever goes on has to know how much is in.
      if (!total.isEmpty()) total.show();
      throw error;
    }
    total.show();
    return total.rejected() > 0 ? exitCodes.failed : exitCodes.ok;
  },
});

function oneEvent(words: readonly string[]): Batch {
  return { messages: [words.join(" ")], tooLong: 0 };
}

interface Sent {
  readonly accepted: number;
  readonly rejected: { readonly tooOld: number; readonly tooNew: number; readonly expired: number };
}

async function send(
  { api, terminal }: Cli,
  retries: Retries,
  target: { group: string; stream: string; createMissing: boolean },
  { messages }: Batch,
  timestampMs: number | undefined,
): Promise<Sent> {
  if (messages.length === 0) return { accepted: 0, rejected: { tooOld: 0, tooNew: 0, expired: 0 } };
  const events = messages.map((message) =>
    timestampMs === undefined ? { message } : { message, timestampMs },
  );
  const request = { body: { ...target, events }, idempotencyKey: terminal.random.uuid() };
  return retries.run(() => api.post("/api/v1/logs/events", logEventsResult, request));
}

function createTally({ out, terminal }: Cli) {
  let accepted = 0;
  const rejected = { tooOld: 0, tooNew: 0, expired: 0, tooLong: 0 };
  const progress = terminal.interactive && !out.json;
  return {
    add: ({ tooLong }: Batch, sent: Sent): void => {
      accepted += sent.accepted;
      rejected.tooOld += sent.rejected.tooOld;
      rejected.tooNew += sent.rejected.tooNew;
      rejected.expired += sent.rejected.expired;
      rejected.tooLong += tooLong;
      if (progress) terminal.writeError(`\rSent: ${accepted} `);
    },
    isEmpty: () => accepted === 0 && sumOf(rejected) === 0,
    rejected: () => sumOf(rejected),
    show: (): void => {
      if (progress) terminal.writeError("\r\u001b[K");
      out.done({ accepted, rejected }, [`Accepted ${accepted}.`, ...describeRejected(rejected)].join(" "));
    },
  };
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

const reasons = {
  tooOld: "older than 14 days",
  tooNew: "more than two hours ahead",
  expired: "older than the group keeps events",
  tooLong: "too long",
} as const;

function describeRejected(rejected: Readonly<Record<keyof typeof reasons, number>>): string[] {
  return (Object.keys(reasons) as (keyof typeof reasons)[])
    .filter((reason) => rejected[reason] > 0)
    .map((reason) => `Rejected ${rejected[reason]}: ${reasons[reason]}.`);
}
