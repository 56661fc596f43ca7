import { readFile, writeFile } from "node:fs/promises";

/** Memory of a process in MiB as Linux counts it: `VmRSS` is what it holds now, `VmHWM` the most it ever held. */
export async function residentMiB(pid: number, field: "VmRSS" | "VmHWM"): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
}

/** Lets the most that a process ever held begin anew with what it holds now. */
export async function forgetPeak(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, "5");
}
