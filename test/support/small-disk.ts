import { spawnSync } from "node:child_process";
import { appendFile, mkdtemp, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A disk of its own that is small enough to be filled; only root may mount one, and not in every container. */
export interface SmallDisk {
  readonly directory: string;
  /** For a suite's `skip` option: why there is no disk, else false. */
  readonly missing: string | false;
  /** Removes the disk and what is on it. */
  remove(): Promise<void>;
}

export async function mountSmallDisk(mebibytes: number): Promise<SmallDisk> {
  const directory = await mkdtemp(join(tmpdir(), "nepho-full-"));
  const problem = mount(directory, mebibytes);
  if (problem !== undefined) await rmdir(directory);
  return {
    directory,
    missing: problem ?? false,
    remove: async () => {
      spawnSync("umount", [directory]);
      await rmdir(directory);
    },
  };
}

function mount(directory: string, mebibytes: number): string | undefined {
  if (process.platform !== "linux") return "a small disk can be mounted on Linux only";
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${mebibytes}m`, "tmpfs", directory], {
    encoding: "utf8",
  });
  if (mounted.status === 0) return undefined;
  return `no small disk can be mounted: ${mounted.error?.message ?? mounted.stderr.trim()}`;
}

/** Takes the rest of the disk, in smaller and smaller pieces. */
export async function fill(path: string): Promise<void> {
  for (let size = 2 ** 22; size >= 4096; ) {
    const full = await appendFile(path, Buffer.alloc(size)).then(
      () => false,
      () => true,
    );
    if (full) size /= 2;
  }
}
