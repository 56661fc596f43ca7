/**
 * The command `nepho`. It speaks to the server through the public REST API only, so that it can do nothing that another
 * client could not; `serve` and `worker` start the server program. It prints no secret but the token it was asked to make.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { systemClock, systemRandom } from "../base/index.ts";
import { askSecret } from "./ask-secret.ts";
import { runProgram } from "./program.ts";
import { readLines } from "./read-lines.ts";
import type { Terminal } from "./terminal.ts";

const { stdin, stdout, stderr, env } = process;

const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");

const terminal: Terminal = {
  version: (JSON.parse(manifest) as { version: string }).version,
  environment: env,
  clock: systemClock,
  random: systemRandom,
  interactive: stdout.isTTY === true,
  colour: stdout.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb",
  // A pseudo-terminal that nobody sized says 0.
  columns: stdout.columns || 100,
  rows: stdout.rows || 30,
  write: (chunk) => stdout.write(chunk),
  writeError: (chunk) => stderr.write(chunk),
  readInput: () => text(stdin),
  readLines: (stop) => readLines(stdin, stop),
  catchInterrupts,
  askSecret: stdin.isTTY && stderr.isTTY ? (question) => askSecret(question, stdin, stderr) : undefined,
  fetch: (url, init) => fetch(url, init),
  runServer,
};

stdout.on("error", (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough, such as `head`, is no failure.
  if (error.code === "EPIPE") process.exit(0);
  stderr.write(`Error: Standard output cannot be written: ${error.message}\n`);
  process.exit(1);
});
// Notes that nobody reads must not end what is under way.
stderr.on("error", () => undefined);
process.exitCode = await runProgram(process.argv.slice(2), terminal);

/** A launcher hands on what the terminal has sent to us as well, so signals that come together count as one. */
function catchInterrupts(): AbortSignal {
  const interruption = new AbortController();
  let firstAt: number | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    firstAt ??= systemClock.monotonic();
    interruption.abort();
    if (systemClock.monotonic() - firstAt < 500) return;
    process.off(signal, onSignal);
    process.kill(process.pid, signal);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, onSignal);
  return interruption.signal;
}

/** The server as a child in the foreground: signals are handed on, its exit code is ours. */
function runServer(args: readonly string[]): Promise<number> {
  const script = fileURLToPath(new URL("../main.ts", import.meta.url));
  const child = spawn(process.execPath, [script, ...args], { stdio: "inherit" });
  const forward = (signal: NodeJS.Signals) => {
    // A terminal sends Ctrl-C to the whole group already.
    if (signal !== "SIGINT" || !stdin.isTTY) child.kill(signal);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? "SIGKILL"]));
  });
}
