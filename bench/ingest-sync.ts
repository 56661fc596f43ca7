/**
 * That no 200 leaves while bytes of its events are not synced: `npm run bench -- ingest-sync [--requests 100]`.
 *
 * strace watches the server while requests come one at a time. Between two answers, what was written to files of a new part has
 * to be synced, and the part's folder too, before the first byte of the answer is written to its socket. A control switches the
 * syncs of the table off; there, the same count has to find every answer too early, or the figures would prove nothing.
 * Skipped, with its reason, where strace is missing.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createChdbConnection } from "chdb/connection";
import { startServer, type TestServer } from "../test/support/server.ts";
import { type LogTarget, makeLogTarget } from "./load/account.ts";
import { requestOf } from "./load/events.ts";
import { openWire } from "./load/wire.ts";

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: { requests: { type: "string", default: "100" } },
});
const requests = Number(values.requests);

if (spawnSync("strace", ["--version"]).error) {
  console.log(JSON.stringify({ figure: "ingest_sync", skipped: "strace is not installed" }));
} else {
  const directory = await mkdtemp(join(tmpdir(), "nepho-ingest-sync-"));
  try {
    let target: LogTarget | undefined;
    const observe = async (figure: string) => {
      const server = await startServer({ directory });
      try {
        target ??= await makeLogTarget(server, "sync");
        const found = await watch(server, target, join(directory, "trace"));
        console.log(JSON.stringify({ figure, ...found }));
        return found;
      } finally {
        await server.end();
      }
    };
    const real = await observe("ingest_sync");
    await switchSyncsOff(directory);
    const control = await observe("ingest_sync_control");
    const good = real.answers === requests && real.unsynced === 0 && real.withoutData === 0;
    if (!good || control.unsynced < requests) process.exitCode = 1;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function watch(server: TestServer, target: LogTarget, tracePath: string) {
  const calls = "write,pwrite64,writev,pwritev,sendto,sendmsg,fsync,fdatasync";
  const args = [
    "-f",
    "-yy",
    "-s",
    "16",
    "-e",
    `trace=${calls}`,
    "-o",
    tracePath,
    "-p",
    String(server.process.pid),
  ];
  const tracer = spawn("strace", args, { stdio: ["ignore", "ignore", "pipe"] });
  // It says so when it has attached.
  await once(tracer.stderr, "data");
  await sleep(500);
  const wire = await openWire(server.endpointUrl);
  const { host } = new URL(server.endpointUrl);
  for (let first = 0; first < requests; first++) {
    const { status, body } = await wire.send(
      requestOf({ ...target, host, format: "nd-json", first, count: 3 }).bytes,
    );
    if (status !== 200) throw new Error(`The server answered ${status}: ${body}`);
  }
  wire.close();
  tracer.kill("SIGINT");
  await once(tracer, "exit");
  return judge(await readFile(tracePath, "utf8"));
}

/** Follows which files of parts that are being inserted hold bytes that are not synced, up to each answer. */
function judge(trace: string) {
  const dirty = new Set<string>();
  const begun = new Map<string, string>();
  const found = { answers: 0, unsynced: 0, withoutData: 0 };
  let synced = 0;
  for (const line of trace.split("\n")) {
    const [, thread = "", call = ""] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const path = /^\w+\(\d+<([^>]*)>/.exec(call)?.[1];
    if (/^(write|pwrite64|writev|pwritev)\(/.test(call) && path?.includes("tmp_insert")) dirty.add(path);
    if (/^(fsync|fdatasync)\(/.test(call) && path !== undefined) {
      if (call.includes("<unfinished")) begun.set(thread, path);
      else if (dirty.delete(path)) synced += 1;
    }
    if (/^<\.\.\. (fsync|fdatasync) resumed>/.test(call) && dirty.delete(begun.get(thread) ?? ""))
      synced += 1;
    if (/^(write|writev|sendto|sendmsg)\(\d+<TCP/.test(call) && call.includes("HTTP/1.1 200")) {
      found.answers += 1;
      if (dirty.size > 0) found.unsynced += 1;
      if (dirty.size + synced === 0) found.withoutData += 1;
      dirty.clear();
      synced = 0;
    }
  }
  return found;
}

async function switchSyncsOff(directory: string): Promise<void> {
  const connection = createChdbConnection({ path: join(directory, "telemetry") });
  try {
    await connection.command({
      query:
        "ALTER TABLE nephoscope.log_events MODIFY SETTING fsync_after_insert = 0, fsync_part_directory = 0",
    });
  } finally {
    await connection.close();
  }
}
