/**
 * Other log servers that take the same load as ours, to compare them on one machine: how a request looks for each, and how
 * its events are counted afterwards. The programs are the reader's own; see bench/ingest.ts for how to run one.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

export const peerNames = ["victorialogs", "loki"] as const;
export type PeerName = (typeof peerNames)[number];

interface Peer {
  readonly path: string;
  readonly contentType: string;
  /** Of events that are JSON objects with `timestamp` and `text`. */
  body(events: readonly string[], nowMs: number): string;
  /** Answers 200 as soon as the peer takes events and questions. */
  readonly readyPath: string;
  readonly countPath: string;
  /** From the answer to `countPath`. */
  readCount(answer: string): number;
}

export const peers: Readonly<Record<PeerName, Peer>> = {
  // One stream, as with ours: every field of the objects becomes a column, and none of them tells streams apart.
  victorialogs: {
    path: "/insert/jsonline?_time_field=timestamp&_msg_field=text",
    contentType: "application/x-ndjson",
    body: (events) => events.join("\n"),
    readyPath: "/health",
    countPath: `/select/logsql/query?${new URLSearchParams({ query: "* | stats count() as events" })}`,
    readCount: (answer) => Number((JSON.parse(answer) as { events: string }).events),
  },
  // The object as it is is the line; only the label is indexed.
  loki: {
    path: "/loki/api/v1/push",
    contentType: "application/json",
    body: (events, nowMs) =>
      JSON.stringify({
        streams: [{ stream: { job: "bench" }, values: events.map((event) => [`${nowMs}000000`, event]) }],
      }),
    readyPath: "/ready",
    countPath: `/loki/api/v1/query?${new URLSearchParams({ query: 'sum(count_over_time({job="bench"}[24h]))' })}`,
    readCount: (answer) => {
      const { data } = JSON.parse(answer) as { data: { result: { value: [number, string] }[] } };
      return Number(data.result[0]?.value[1] ?? 0);
    },
  },
};

export interface RunningPeer {
  /** Unknown when the peer was running already. */
  readonly pid: number | undefined;
  /** Ends the peer with `signal`, starts it anew, and counts what came since the beginning; one that was running already is only asked. */
  countAfter(signal: NodeJS.Signals): Promise<number>;
  stop(): Promise<void>;
}

/** `command` starts the peer such that it listens at `url`; without it, the peer is running already. */
export async function openPeer(name: PeerName, url: string, command?: string): Promise<RunningPeer> {
  const peer = peers[name];
  const ask = async (path: string) => {
    const answer = await fetch(new URL(path, url));
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${name} answered ${answer.status} to ${path}: ${text}`);
    return text;
  };
  const count = async () => peer.readCount(await ask(peer.countPath));
  const isReady = () =>
    ask(peer.readyPath).then(
      () => true,
      () => false,
    );
  const start = async (command: string) => {
    if (await isReady()) throw new Error(`Something answers at ${url} already.`);
    const child = run(command);
    await waitUntilReady(isReady, child);
    return child;
  };

  let child = command === undefined ? undefined : await start(command);
  const before = await count();
  return {
    pid: child?.pid,
    countAfter: async (signal) => {
      if (child && command !== undefined) {
        await end(child, signal);
        child = await start(command);
      }
      return (await settle(count)) - before;
    },
    stop: async () => {
      if (child) await end(child, "SIGTERM");
    },
  };
}

/** `exec` makes the peer itself the process that is measured and killed, not a shell around it. */
function run(command: string): ChildProcess {
  const child = spawn("sh", ["-c", `exec ${command}`], { stdio: ["ignore", "ignore", "inherit"] });
  process.once("exit", () => child.kill());
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill(signal);
  await exited;
}

/** A peer that was killed may have to read its log first. */
const readySecondsMax = 120;

async function waitUntilReady(isReady: () => Promise<boolean>, child: ChildProcess): Promise<void> {
  for (let second = 0; !(await isReady()); second++) {
    if (child.exitCode !== null) throw new Error(`The peer ended with ${child.exitCode}.`);
    if (second === readySecondsMax) throw new Error(`The peer was not ready after ${second} seconds.`);
    await sleep(1000);
  }
}

/** What was taken last may be a moment late in the answers: counts until three seconds bring no more. */
async function settle(count: () => Promise<number>): Promise<number> {
  let last = await count();
  for (;;) {
    await sleep(3000);
    const next = await count();
    if (next === last) return next;
    last = next;
  }
}
