/**
 * That SIGKILL loses nothing that was acknowledged: `npm run bench -- ingest-kill [--rounds 50] [--events 200000] [--seed 1]`.
 *
 * Each round starts the server on the same data, sends requests of 1 to 300 events of all sizes over eight connections, half of
 * them with an Idempotency-Key, and kills it at a random time. What was not answered is sent again in the next round, as a sender
 * does. The text of every event follows from its request and its place in it, so that in the end each stored message is checked
 * by itself: lost (acknowledged, and not all there), torn (some events of a request, or a text that is not as it was sent),
 * stored twice.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startServer } from "../test/support/server.ts";
import { type LogTarget, makeLogTarget } from "./load/account.ts";
import { readMessages } from "./load/reading.ts";
import { openWire } from "./load/wire.ts";
import { createRandom } from "./random.ts";

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    rounds: { type: "string", default: "50" },
    events: { type: "string", default: "200000" },
    seed: { type: "string", default: "1" },
  },
});
const connections = 8;

interface Request {
  readonly number: number;
  readonly count: number;
  readonly keyed: boolean;
  acknowledged: boolean;
  /** How often its connection ended without an answer. */
  unanswered: number;
}

const random = createRandom(Number(values.seed));
const requests: Request[] = [];
const toRepeat: Request[] = [];
const directory = await mkdtemp(join(tmpdir(), "nepho-ingest-kill-"));
try {
  let target: LogTarget | undefined;
  for (let round = 0; round < Number(values.rounds); round++) {
    const server = await startServer({ directory });
    target ??= await makeLogTarget(server, "kill");
    const stop = new AbortController();
    const sending = sendUntilBroken(server.endpointUrl, target, stop.signal);
    await sleep(200 + random() * 1300);
    await server.end("SIGKILL");
    stop.abort();
    await sending;
  }
  if (!target) throw new Error("No round was run.");
  const last = await startServer({ directory });
  try {
    await repeatAll(last.endpointUrl, target);
    const figures = await judge(readMessages(last, target));
    console.log(JSON.stringify({ figure: "ingest_kill", kills: Number(values.rounds), ...figures }));
    const { lost, torn, twiceWithKey, twiceWithoutKey, unansweredWithoutKey, acknowledged } = figures;
    const good = lost + torn + twiceWithKey === 0 && twiceWithoutKey <= unansweredWithoutKey;
    if (!good || acknowledged < Number(values.events)) process.exitCode = 1;
  } finally {
    await last.stop();
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function sendUntilBroken(url: string, target: LogTarget, stop: AbortSignal): Promise<void> {
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const wire = await openWire(url);
      while (!stop.aborted) {
        const request = toRepeat.pop() ?? newRequest();
        try {
          const { status, body } = await wire.send(bytesOf(request, url, target));
          if (status !== 200) throw new Error(`The server answered ${status}: ${body}`);
          request.acknowledged = true;
        } catch (error) {
          if (error instanceof Error && error.message.startsWith("The server")) throw error;
          request.unanswered += 1;
          toRepeat.push(request);
          return;
        }
      }
      wire.close();
    }),
  );
}

async function repeatAll(url: string, target: LogTarget): Promise<void> {
  const wire = await openWire(url);
  for (const request of toRepeat) {
    const { status, body } = await wire.send(bytesOf(request, url, target));
    if (status !== 200) throw new Error(`The server answered ${status}: ${body}`);
    request.acknowledged = true;
  }
  wire.close();
}

function newRequest(): Request {
  const request: Request = {
    number: requests.length,
    count: [1, 1, 10, 100, 300][Math.floor(random() * 5)]!,
    keyed: random() < 0.5,
    acknowledged: false,
    unanswered: 0,
  };
  requests.push(request);
  return request;
}

function bytesOf(request: Request, url: string, { key, group, stream }: LogTarget): Buffer {
  const lines = Array.from({ length: request.count }, (_, index) => messageOf(request.number, index));
  const body = Buffer.from(lines.join("\n"));
  const head = [
    "POST /ingest/bulk HTTP/1.1",
    `Host: ${new URL(url).host}`,
    `Authorization: Bearer ${key}`,
    `x-aws-log-group: ${group}`,
    `x-aws-log-stream: ${stream}`,
    "Content-Type: application/x-ndjson",
    `Content-Length: ${body.length}`,
    ...(request.keyed ? [`Idempotency-Key: request-${request.number}`] : []),
  ];
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body]);
}

/** A few of them are large; all of a request together stay below its limit. */
function messageOf(request: number, index: number): string {
  const length = (request * 7919 + index * 104_729) % (index === 0 && request % 16 === 0 ? 200_000 : 600);
  return JSON.stringify({ id: `${request}:${index}`, text: `ä\\\t${request}`.repeat(Math.ceil(length / 8)) });
}

async function judge(messages: AsyncIterable<string>) {
  const seen = new Map<number, number[]>();
  let damaged = 0;
  let stored = 0;
  for await (const message of messages) {
    stored += 1;
    const [request = -1, index = -1] = /^\{"id":"(\d+):(\d+)"/.exec(message)?.slice(1).map(Number) ?? [];
    if (message !== messageOf(request, index)) damaged += 1;
    const counts = seen.get(request) ?? [];
    counts[index] = (counts[index] ?? 0) + 1;
    seen.set(request, counts);
  }
  const figures = {
    acknowledged: 0,
    stored,
    lost: 0,
    torn: damaged,
    twiceWithKey: 0,
    twiceWithoutKey: 0,
    unansweredWithKey: 0,
    unansweredWithoutKey: 0,
  };
  for (const request of requests) {
    const counts = Array.from(
      { length: request.count },
      (_, index) => seen.get(request.number)?.[index] ?? 0,
    );
    const [least, most] = [Math.min(...counts), Math.max(...counts)];
    if (request.acknowledged) figures.acknowledged += request.count;
    if (request.acknowledged && least === 0) figures.lost += 1;
    if (least !== most) figures.torn += 1;
    if (most > 1) figures[request.keyed ? "twiceWithKey" : "twiceWithoutKey"] += most - 1;
    figures[request.keyed ? "unansweredWithKey" : "unansweredWithoutKey"] += request.unanswered;
  }
  return figures;
}
