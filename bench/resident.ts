import { readFile } from "node:fs/promises";

/** Memory of a process in MiB as Linux counts it: `VmRSS` is what it holds now, `VmHWM` the most it ever held. */
export async function residentMiB(pid: number, field: "VmRSS" | "VmHWM"): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
}
