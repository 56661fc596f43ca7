import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  createClickHouseFront,
  type Fault,
  frontPassword,
  frontUser,
  type SeenRequest,
} from "./clickhouse-front.ts";

/** The front in a process of its own, because chDB serves one directory per process. */
export interface FrontProcess {
  /** An address for `openTelemetry`. */
  readonly url: string;
  /** Requests since the last call. */
  seen(): Promise<SeenRequest[]>;
  fault(kind: Fault): Promise<void>;
  /** Stops the process and starts it again on the same port and directory. */
  restart(): Promise<void>;
  dispose(): Promise<void>;
}

export async function startFrontProcess(): Promise<FrontProcess> {
  const directory = await mkdtemp(join(tmpdir(), "nepho-front-"));
  let running = await spawnFront(directory, 0);
  const origin = `http://127.0.0.1:${running.port}`;
  return {
    url: `http://${frontUser}:${frontPassword}@127.0.0.1:${running.port}/telemetry_test`,
    seen: async () => (await (await fetch(`${origin}/requests`)).json()) as SeenRequest[],
    fault: async (kind) => void (await fetch(`${origin}/fault?kind=${kind}`)),
    restart: async () => {
      await stop(running.child);
      running = await spawnFront(directory, running.port);
    },
    dispose: async () => {
      await stop(running.child);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function spawnFront(directory: string, port: number): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), directory, String(port)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`The ClickHouse front ended with code ${code}.`)));
    child.stdout?.once("data", (data: Buffer) => resolve({ child, port: Number(data.toString()) }));
  });
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.stdin?.end();
  });
}

async function main(directory: string, port: number): Promise<void> {
  const front = await createClickHouseFront(directory, port);
  process.stdout.write(`${front.port}\n`);
  // The parent's end of the pipe closes however the parent ends, so no front outlives its test.
  process.stdin.resume();
  process.stdin.once("end", () => void front.close().then(() => process.exit(0)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(process.argv[2] ?? "", Number(process.argv[3] ?? 0));
}
