import { mkdir, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { AppError } from "../base/index.ts";

export interface DirectoryLock {
  /** Safe to call twice. */
  release(): Promise<void>;
}

/** What the holder writes beside its lock, so that a second process can say who is in the way. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly startedAt: string;
  /** When the process began, as the operating system counts it: a reused pid has another one. */
  readonly processStart: string | undefined;
}

/**
 * Takes the data directory for this process; throws `data_directory_locked` when another one has it.
 * A crash leaves nothing that stops the next start.
 *
 * Node has no flock. On Linux a socket in the abstract namespace, named after device and inode of the
 * directory, does the same: the kernel lets one process bind it and frees it when that process ends,
 * however it ends. Elsewhere a file names the holder, and counts while that very process lives.
 * Two containers with separate network namespaces do not see each other's socket; ClickHouse's own
 * lock on the telemetry directory refuses the second one there.
 */
export async function lockDataDirectory(
  directory: string,
  options: { platform?: NodeJS.Platform } = {},
): Promise<DirectoryLock> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, "holder.json");
  const platform = options.platform ?? process.platform;
  return platform === "linux" ? lockBySocket(directory, path) : lockByFile(directory, path);
}

async function lockBySocket(directory: string, path: string): Promise<DirectoryLock> {
  const { dev, ino } = await stat(directory, { bigint: true });
  const server = await listen(`\0nephoscope-data-${dev}-${ino}`);
  if (!server) throw lockedError(directory, await readHolder(path));
  await writeFile(path, await describeSelf(), { mode: 0o600 });
  return {
    release: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Undefined when somebody else is bound to the address. */
function listen(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.unref();
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(undefined) : reject(error),
    );
    server.listen({ path: address }, () => resolve(server));
  });
}

async function lockByFile(directory: string, path: string): Promise<DirectoryLock> {
  // Twice, because the first try may find what a crashed holder left behind.
  for (let attempt = 0; attempt < 2; attempt++) {
    if (await createExclusively(path, await describeSelf())) {
      let released: Promise<void> | undefined;
      return {
        release: () => {
          released ??= rm(path, { force: true });
          return released;
        },
      };
    }
    const holder = await readHolder(path);
    if (holder && (await isAlive(holder))) throw lockedError(directory, holder);
    await rm(path, { force: true });
  }
  throw lockedError(directory, await readHolder(path));
}

async function createExclusively(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, "wx", 0o600);
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function describeSelf(): Promise<string> {
  const holder: Holder = {
    pid: process.pid,
    host: hostname(),
    startedAt: new Date(performance.timeOrigin).toISOString(),
    processStart: await processStart(process.pid),
  };
  return `${JSON.stringify(holder)}\n`;
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Holder;
  } catch {
    return undefined;
  }
}

/** A holder on another machine (a shared volume) cannot be asked, so it counts as alive. */
async function isAlive(holder: Holder): Promise<boolean> {
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return (await processStart(holder.pid)) === holder.processStart;
}

/** Clock ticks after boot at which the process began, where the operating system has /proc. */
async function processStart(pid: number): Promise<string | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, "utf8");
    // The command's name may hold spaces and parentheses; the fields after it do not.
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

function lockedError(directory: string, holder: Holder | undefined): AppError {
  const who = holder
    ? `process ${holder.pid} on ${holder.host}, which started at ${holder.startedAt}`
    : "another process";
  return new AppError("data_directory_locked", {
    message: `The data directory ${directory} is in use by ${who}. Stop it, or set NEPHO_DATA_DIR to another directory.`,
    detail: { directory, holder },
  });
}
