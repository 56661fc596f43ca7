/**
 * How many log events are acknowledged once they are synced to disk:
 * `npm run bench -- ingest [--format nd-json,json,hlc,otlp-json] [--batch 1,100,1000] [--events 1500000] [--connections 8] [--repeat 3]`.
 *
 * The built server with its embedded stores, and a generator in a process of its own on the same machine, whose requests are
 * built before the clock starts: events of some 260 bytes, all different. `processor s` is the server's, for a million events;
 * bytes on disk are counted after the last merge. A further run sends requests of one event at 500 a second over 32
 * connections, measured from the time at which each was due.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createChdbConnection } from "chdb/connection";
import { startServer, type TestServer } from "../test/support/server.ts";
import { type LogTarget, makeLogTarget } from "./load/account.ts";
import { type Format, formats } from "./load/events.ts";
import { prepareSender, type SenderPlan } from "./load/sending.ts";
import { cpuSeconds, forgetPeak, residentMiB } from "./resident.ts";

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    format: { type: "string", default: "nd-json,json,hlc,otlp-json" },
    batch: { type: "string", default: "1,100,1000" },
    events: { type: "string", default: "1500000" },
    connections: { type: "string", default: "8" },
    repeat: { type: "string", default: "3" },
  },
});
const connections = Number(values.connections);

type Load = Pick<SenderPlan, "format" | "batch" | "requests" | "requestsPerSecond"> &
  Partial<Pick<SenderPlan, "connections">>;

/** A request of one event costs a hundred times more per event. */
const share = { 1: 0.02, 100: 0.3 } as Readonly<Record<number, number>>;

const directory = await mkdtemp(join(tmpdir(), "nepho-ingest-"));
const server = await startServer({ directory });
try {
  const target = await makeLogTarget(server);
  let firstEvent = 0;
  const run = async (plan: Load) => {
    const figures = await measure(server, target, { connections, ...plan, firstEvent });
    firstEvent += plan.requests * plan.batch;
    return figures;
  };
  for (const format of values.format.split(",").map(toFormat)) {
    for (const batch of values.batch.split(",").map(Number)) {
      const requests = Math.ceil((Number(values.events) * (share[batch] ?? 1)) / batch);
      for (let round = 1; round <= Number(values.repeat); round++) {
        print({ figure: "ingest", format, batch, round, ...(await run({ format, batch, requests })) });
      }
    }
  }
  const steady = {
    format: "nd-json",
    batch: 1,
    requests: 15_000,
    requestsPerSecond: 500,
    connections: 32,
  } as const;
  print({ figure: "ingest_one_event_requests", ...(await run(steady)) });
  await server.end();
  print({ figure: "ingest_bytes_on_disk", ...(await bytesOnDisk()) });
} finally {
  await server.stop();
  await rm(directory, { recursive: true, force: true });
}

async function measure(
  { endpointUrl, process: { pid = 0 } }: TestServer,
  { key, group, stream }: LogTarget,
  plan: Load & Pick<SenderPlan, "connections" | "firstEvent">,
) {
  const sender = await prepareSender({ url: endpointUrl, key, group, stream, ...plan });
  await forgetPeak(pid);
  const cpuBefore = await cpuSeconds(pid);
  const { seconds, statuses, bytes, latencyMs } = await sender.send();
  const events = (statuses["200"] ?? 0) * plan.batch;
  return {
    eventsPerSecond: Math.round(events / seconds),
    megabytesPerSecond: round(bytes / 1e6 / seconds),
    p50Ms: round(latencyMs.p50),
    p99Ms: round(latencyMs.p99),
    p999Ms: round(latencyMs.p999),
    processorSecondsPerMillion: round((((await cpuSeconds(pid)) - cpuBefore) / events) * 1e6),
    peakMiB: Math.round(await residentMiB(pid, "VmHWM")),
    events,
    statuses,
  };
}

/** Of the parts of the table, marks and all, once they are merged. */
async function bytesOnDisk() {
  const connection = createChdbConnection({ path: join(directory, "telemetry") });
  try {
    await connection.command({ query: "OPTIMIZE TABLE nephoscope.log_events FINAL" });
    const result = await connection.chdb.queryAsync(
      "SELECT sum(bytes_on_disk) AS bytes, sum(rows) AS events FROM system.parts WHERE active AND table = 'log_events'",
      { format: "JSONEachRow" },
    );
    const { bytes, events } = JSON.parse(result.text()) as { bytes: number; events: number };
    return { bytesPerEvent: round(Number(bytes) / Number(events)), events: Number(events) };
  } finally {
    await connection.close();
  }
}

function toFormat(name: string): Format {
  const format = formats.find((known) => known === name);
  if (!format) throw new Error(`A format is one of ${formats.join(", ")}.`);
  return format;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function print(figures: object): void {
  console.log(JSON.stringify(figures));
}
