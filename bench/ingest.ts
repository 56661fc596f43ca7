/**
 * How many log events are acknowledged once they are synced to disk:
 * `npm run bench -- ingest [--format nd-json,json,hlc,otlp-json,otlp-protobuf] [--batch 1,100,1000] [--events 1500000] [--connections 8] [--repeat 3]`.
 *
 * The built server with its embedded stores, and a generator in a process of its own on the same machine, whose requests are
 * built before the clock starts: events of some 260 bytes, all different. `processor s` is the server's, for a million events;
 * bytes on disk are counted after the last merge. A further run sends requests of one event at 500 a second over 32
 * connections, measured from the time at which each was due.
 *
 * `--kill` ends the server with SIGKILL right after the last answer of the batches, instead of in order and after the run of
 * single events; `ingest_stored` tells how many of the acknowledged events are there afterwards.
 *
 * `--peer victorialogs|loki --url http://127.0.0.1:9428 [--start "victoria-logs -storageDataPath=… -httpListenAddr=…"]` sends the
 * same events from the same generator to another log server, each in its own format. `--start` is the shell command that runs it
 * in the foreground, so that it can be measured, killed and started again; without it, a peer that runs at the URL already is only
 * sent to and asked. Loki's limits on rates have to be raised in its configuration, or it answers 429 to most requests.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createChdbConnection } from "chdb/connection";
import { startServer } from "../test/support/server.ts";
import { type LogTarget, makeLogTarget } from "./load/account.ts";
import { type Format, formats } from "./load/events.ts";
import { openPeer, type PeerName, peerNames } from "./load/peers.ts";
import { prepareSender, type SenderPlan } from "./load/sending.ts";
import { cpuSeconds, forgetPeak, residentMiB } from "./resident.ts";

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    format: { type: "string", default: "nd-json,json,hlc,otlp-json,otlp-protobuf" },
    batch: { type: "string", default: "1,100,1000" },
    events: { type: "string", default: "1500000" },
    connections: { type: "string", default: "8" },
    repeat: { type: "string", default: "3" },
    kill: { type: "boolean", default: false },
    peer: { type: "string" },
    url: { type: "string" },
    start: { type: "string" },
  },
});
const connections = Number(values.connections);

/** What the load is sent to: our server, or a peer. */
interface Subject {
  readonly name: string;
  readonly url: string;
  /** Unknown when it was running already. */
  readonly pid: number | undefined;
  readonly formats: readonly Format[];
  readonly target: Pick<LogTarget, "key" | "group" | "stream">;
  /** Ends it with `signal`, and tells what is stored then. */
  storedAfter(signal: NodeJS.Signals): Promise<{ readonly stored: number; readonly bytesPerEvent?: number }>;
  stop(): Promise<void>;
}

type Load = Pick<SenderPlan, "format" | "batch" | "requests" | "requestsPerSecond"> &
  Partial<Pick<SenderPlan, "connections">>;

/** A request of one event costs a hundred times more per event. */
const share = { 1: 0.02, 100: 0.3 } as Readonly<Record<number, number>>;

const subject = values.peer ? await startPeer(toPeer(values.peer)) : await startOurs();
try {
  let firstEvent = 0;
  let acknowledged = 0;
  const run = async (plan: Load) => {
    const figures = await measure({ connections, ...plan, firstEvent });
    firstEvent += plan.requests * plan.batch;
    acknowledged += figures.events;
    return figures;
  };
  for (const format of subject.formats) {
    for (const batch of values.batch.split(",").map(Number)) {
      const requests = Math.ceil((Number(values.events) * (share[batch] ?? 1)) / batch);
      for (let round = 1; round <= Number(values.repeat); round++) {
        print("ingest", { format, batch, round, ...(await run({ format, batch, requests })) });
      }
    }
  }
  if (!values.kill) {
    const steady = { batch: 1, requests: 15_000, requestsPerSecond: 500, connections: 32 } as const;
    print("ingest_one_event_requests", await run({ format: subject.formats[0]!, ...steady }));
  }
  const signal = values.kill ? "SIGKILL" : "SIGTERM";
  const { stored, ...others } = await subject.storedAfter(signal);
  const ended = subject.pid === undefined ? "no" : signal;
  print("ingest_stored", { ended, acknowledged, stored, lost: acknowledged - stored, ...others });
} finally {
  await subject.stop();
}

async function startOurs(): Promise<Subject> {
  const directory = await mkdtemp(join(tmpdir(), "nepho-ingest-"));
  const server = await startServer({ directory });
  return {
    name: "nephoscope",
    url: server.endpointUrl,
    pid: server.process.pid,
    formats: values.format.split(",").map(toFormat),
    target: await makeLogTarget(server),
    storedAfter: async (signal) => {
      await server.end(signal);
      return countOnDisk(directory);
    },
    stop: async () => {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A peer asks for no key and ignores the headers that only ours reads. */
async function startPeer(name: PeerName): Promise<Subject> {
  if (!values.url) throw new Error("--peer needs the --url at which it listens.");
  if (values.kill && !values.start) throw new Error("--kill needs --start, to start the peer again.");
  const peer = await openPeer(name, values.url, values.start);
  return {
    name,
    url: values.url,
    pid: peer.pid,
    formats: [name],
    target: { key: "none", group: "bench", stream: "one" },
    storedAfter: async (signal) => ({ stored: await peer.countAfter(signal) }),
    stop: peer.stop,
  };
}

async function measure(plan: Load & Pick<SenderPlan, "connections" | "firstEvent">) {
  const { url, pid, target } = subject;
  const sender = await prepareSender({ url, ...target, ...plan });
  const readCost = pid === undefined ? undefined : await startMeter(pid);
  const { seconds, statuses, bytes, latencyMs } = await sender.send();
  // Loki acknowledges with 204.
  const events = ((statuses["200"] ?? 0) + (statuses["204"] ?? 0)) * plan.batch;
  return {
    eventsPerSecond: Math.round(events / seconds),
    megabytesPerSecond: round(bytes / 1e6 / seconds),
    p50Ms: round(latencyMs.p50),
    p99Ms: round(latencyMs.p99),
    p999Ms: round(latencyMs.p999),
    ...(await readCost?.(events)),
    events,
    statuses,
  };
}

/** Gives a function that tells what the process used from now on. */
async function startMeter(pid: number) {
  await forgetPeak(pid);
  const cpuBefore = await cpuSeconds(pid);
  return async (events: number) => ({
    processorSecondsPerMillion: round((((await cpuSeconds(pid)) - cpuBefore) / events) * 1e6),
    peakMiB: Math.round(await residentMiB(pid, "VmHWM")),
  });
}

/** Of the parts of the table, marks and all, once they are merged. */
async function countOnDisk(directory: string) {
  const connection = createChdbConnection({ path: join(directory, "telemetry") });
  try {
    await connection.command({ query: "OPTIMIZE TABLE nephoscope.log_events FINAL" });
    const result = await connection.chdb.queryAsync(
      "SELECT sum(bytes_on_disk) AS bytes, sum(rows) AS events FROM system.parts WHERE active AND table = 'log_events'",
      { format: "JSONEachRow" },
    );
    const { bytes, events } = JSON.parse(result.text()) as { bytes: number; events: number };
    return { stored: Number(events), bytesPerEvent: round(Number(bytes) / Number(events)) };
  } finally {
    await connection.close();
  }
}

function toFormat(name: string): Format {
  const format = formats.find((known) => known === name);
  if (!format) throw new Error(`A format is one of ${formats.join(", ")}.`);
  return format;
}

function toPeer(name: string): PeerName {
  const peer = peerNames.find((known) => known === name);
  if (!peer) throw new Error(`A peer is one of ${peerNames.join(", ")}.`);
  return peer;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function print(figure: string, figures: object): void {
  console.log(JSON.stringify({ figure, subject: subject.name, ...figures }));
}
