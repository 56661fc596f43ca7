import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { stateDirectory } from "./paths.mjs";
import { isAlive } from "./processes.mjs";

const directory = `${stateDirectory}/running`;

/** Notes that a program runs from node_modules, so that no other start replaces that folder under it. Returns the undo. */
export function noteRunning(/** @type {string} */ script) {
  mkdirSync(directory, { recursive: true });
  const file = `${directory}/${process.pid}`;
  writeFileSync(file, script);
  return () => rmSync(file, { force: true });
}

/** Programs that run from this checkout's node_modules now, as `script (process id)`. Notes of dead processes are removed. */
export function listRunning() {
  /** @type {string[]} */
  const running = [];
  for (const name of readNames()) {
    if (isAlive(Number(name)))
      running.push(`${readFileSync(`${directory}/${name}`, "utf8")} (process ${name})`);
    else rmSync(`${directory}/${name}`, { force: true });
  }
  return running;
}

function readNames() {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
