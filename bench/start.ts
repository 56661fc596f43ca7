/**
 * Start-up time, memory and install size: `npm run bench -- start`.
 *
 * Starts the server on an empty data folder, then again on the same folder, and reads its resident memory once it is
 * ready and has been idle for five seconds. One JSON line per figure.
 */
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startServer } from "../test/support/server.ts";
import { residentMiB } from "./resident.ts";

const rounds = 3;
const root = new URL("../", import.meta.url).pathname;

const first: number[] = [];
const second: number[] = [];
const resident: number[] = [];
for (let round = 0; round < rounds; round++) {
  const began = performance.now();
  const fresh = await startServer();
  first.push(performance.now() - began);
  await fresh.end();
  const again = performance.now();
  const server = await startServer({ directory: fresh.directory });
  second.push(performance.now() - again);
  await sleep(5000);
  resident.push(await residentMiB(server.process.pid ?? 0, "VmRSS"));
  await server.end();
  await rm(fresh.directory, { recursive: true, force: true });
}

print("start_empty_ms", first);
print("start_again_ms", second);
print("resident_mib", resident);
print("install_mib", [(await sizeOf(join(root, "node_modules"))) / 2 ** 20]);

function print(figure: string, values: number[]): void {
  const sorted = values.map((value) => Math.round(value)).sort((a, b) => a - b);
  console.log(
    JSON.stringify({
      figure,
      median: sorted[sorted.length >> 1],
      min: sorted[0],
      max: sorted.at(-1),
      rounds: values.length,
    }),
  );
}

async function sizeOf(directory: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) bytes += await sizeOf(path);
    else if (entry.isFile()) bytes += (await stat(path)).size;
  }
  return bytes;
}
