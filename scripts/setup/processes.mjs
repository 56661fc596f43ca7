import { spawn } from "node:child_process";
import { constants } from "node:os";
import { delimiter } from "node:path";
import { root } from "./paths.mjs";

/**
 * Runs a program in the foreground and gives its exit code: 128 + n when a signal ended it, as shells do.
 * SIGTERM and SIGHUP are handed on. SIGINT only without a terminal: a terminal sends it to the whole group already, and a second one would read as impatience.
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>}
 */
export function runInForeground(program, args, options) {
  const child = spawn(program, args, { stdio: "inherit", ...options });
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  };
  /** @type {NodeJS.Signals[]} */
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      for (const name of signals) process.off(name, forward);
      resolve(code ?? 128 + constants.signals[signal ?? "SIGKILL"]);
    });
  });
}

/**
 * The environment without this checkout's own programs on the PATH: `npm run` puts node_modules/.bin first, and an install
 * deletes the `node` in it while npm still needs one.
 */
export function environmentWithoutOwnPrograms() {
  const path = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.startsWith(`${root}node_modules`))
    .join(delimiter);
  return { ...process.env, PATH: path };
}

/** Whether a process with this id exists. */
export function isAlive(/** @type {number} */ pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}
