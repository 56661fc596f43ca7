import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { stateDirectory } from "./paths.mjs";
import { isAlive } from "./processes.mjs";

const lockFile = `${stateDirectory}/lock`;
const stealFile = `${stateDirectory}/lock.steal`;
const stealMsMax = 10_000;

/**
 * Runs `work` while no other start of this checkout does. A lock whose owner has died is taken over.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withSetupLock(work) {
  mkdirSync(stateDirectory, { recursive: true });
  let told = false;
  while (!claim(lockFile)) {
    if (removeAbandonedLock()) continue;
    if (!told) console.error("Another start is setting this checkout up; waiting for it.");
    told = true;
    await sleep(100);
  }
  try {
    return await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

/** Creates the file with our process id in it; false when somebody else has. */
function claim(/** @type {string} */ file) {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  }
}

/** Of several that find the owner dead one removes the lock, under a second lock: else the slower would remove the faster's new one. */
function removeAbandonedLock() {
  if (!isAbandoned()) return false;
  if (!claim(stealFile)) {
    if (ageMs(stealFile) > stealMsMax) rmSync(stealFile, { force: true });
    return false;
  }
  try {
    if (isAbandoned()) rmSync(lockFile, { force: true });
    return true;
  } finally {
    rmSync(stealFile, { force: true });
  }
}

function isAbandoned() {
  const owner = readText(lockFile);
  // Empty: created a moment ago and not yet written.
  if (owner === undefined || owner === "") return owner === "" && ageMs(lockFile) > stealMsMax;
  return !isAlive(Number(owner));
}

function readText(/** @type {string} */ file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function ageMs(/** @type {string} */ file) {
  try {
    return Date.now() - statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}
