import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { devNull } from "node:os";

/** For a suite's `skip` option: why no disk can be made to fail, else false. */
export const skipWithoutFailingSync: string | false =
  spawnSync("strace", ["-o", devNull, "-e", "inject=fsync:error=EIO", "true"]).status === 0
    ? false
    : "strace is not installed or may not trace here";

/** From now until it is called, what this gives lets every fsync of the process fail as a dying disk does. */
export async function failSyncs(pid: number): Promise<() => Promise<void>> {
  const calls = "fsync,fdatasync";
  const strace = spawn(
    "strace",
    [
      ...["-f", "-p", String(pid), "-o", devNull],
      ...["-e", `trace=${calls}`, "-e", `inject=${calls}:error=EIO`],
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  await attached(strace);
  return async () => {
    if (strace.exitCode !== null || strace.signalCode !== null) return;
    const ended = once(strace, "exit");
    strace.kill("SIGINT");
    await ended;
  };
}

function attached(strace: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let told = "";
    strace.stderr?.setEncoding("utf8").on("data", (text: string) => {
      told += text;
      if (/attached/.test(told)) resolve();
    });
    strace.once("error", reject);
    strace.once("exit", (code) => reject(new Error(`strace ended with ${code}: ${told}`)));
  });
}
