import { execFile, execFileSync } from "node:child_process";
import { chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "../test/support/free-port.ts";

const run = promisify(execFile);

export interface RunningPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

/** The server that NEPHO_TEST_DATABASE_URL names, or one of our own in a temporary folder that is as durable as any. */
export async function startPostgres(): Promise<RunningPostgres> {
  const given = process.env.NEPHO_TEST_DATABASE_URL;
  if (given) return { url: given, stop: async () => {} };
  const bin = await findBinaries();
  const directory = await mkdtemp(join(tmpdir(), "nepho-postgres-"));
  const [command, ...prefix] = await unprivileged(directory);
  const execute = (program: string, ...args: string[]) => {
    const [file = program, ...rest] = [command, ...prefix, join(bin, program), ...args].filter(isGiven);
    return run(file, rest, { cwd: directory });
  };
  const port = await freePort();
  const data = join(directory, "data");
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${directory} -c max_connections=200`;
  await execute("initdb", "-D", data, "-U", "nepho", "--auth=trust", "--encoding=UTF8", "--locale=C");
  await execute("pg_ctl", "-D", data, "-l", join(directory, "log"), "-w", "-o", options, "start");
  return {
    url: `postgresql://nepho@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await execute("pg_ctl", "-D", data, "-m", "immediate", "stop");
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function isGiven(argument: string | undefined): argument is string {
  return argument !== undefined;
}

/** Debian keeps them out of the PATH, a folder for each version. */
async function findBinaries(): Promise<string> {
  const root = "/usr/lib/postgresql";
  const versions = (await readdir(root).catch(() => [])).map(Number).sort((a, b) => b - a);
  if (versions[0] === undefined)
    throw new Error("There is no PostgreSQL: install one, or set NEPHO_TEST_DATABASE_URL.");
  return join(root, `${versions[0]}`, "bin");
}

/** PostgreSQL refuses to run as root, so root hands it to the user that its package made. */
async function unprivileged(directory: string): Promise<string[]> {
  if (process.getuid?.() !== 0) return [];
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  await chown(directory, id("-u"), id("-g"));
  return ["/usr/sbin/runuser", "-u", "postgres", "--"];
}
