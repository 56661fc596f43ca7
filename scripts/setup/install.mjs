import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { inRoot, nodeBinary, root } from "./paths.mjs";
import { environmentWithoutOwnPrograms, runInForeground } from "./processes.mjs";
import { listRunning } from "./running.mjs";
import { SetupError } from "./setup-error.mjs";

const lockfile = inRoot("package-lock.json");
const installedLockfile = inRoot("node_modules/.package-lock.json");
const marker = inRoot("node_modules/.nephoscope-lock-hash");

/** True when node_modules holds what package-lock.json names and Node 24 is there. Costs a few milliseconds. */
export function isInstalled() {
  if (!existsSync(nodeBinary)) return false;
  const hash = lockHash();
  if (readIfThere(marker) === hash) return true;
  if (!matchesLockfile()) return false;
  rememberHash(hash);
  return true;
}

/** Brings node_modules in line with package-lock.json. To be called under the set-up lock. */
export async function install() {
  if (existsSync(inRoot("node_modules")) && !matchesLockfile()) refuseWhileRunning();
  if (!matchesLockfile()) await runNpmCi();
  if (!existsSync(nodeBinary)) await fetchNode();
  if (!existsSync(nodeBinary)) {
    throw new SetupError(
      `The npm package "node" did not bring its program (${nodeBinary}).\n` +
        "Likely causes: the registry was not reachable, or no Node 24 is published for this platform\n" +
        `(${process.platform} ${process.arch}). Check the output above, then run: npm rebuild node --foreground-scripts`,
    );
  }
  rememberHash(lockHash());
}

function refuseWhileRunning() {
  const running = listRunning();
  if (running.length === 0) return;
  throw new SetupError(
    "package-lock.json has changed, so node_modules must be installed anew, which would pull the ground from under:\n" +
      `  ${running.join("\n  ")}\nStop it, then start again.`,
  );
}

async function runNpmCi() {
  console.error("Installing dependencies (npm ci); the first time this takes a minute or two.");
  const code = await runNpm(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
  if (code !== 0) {
    throw new SetupError(
      `npm ci failed with exit code ${code}; its messages are above. Check the network and the registry, then start again.`,
    );
  }
}

/** The package's own install step; it is skipped by npm where install scripts are switched off. */
async function fetchNode() {
  console.error("Fetching Node 24 (npm package node).");
  await runInForeground("node", ["installArchSpecificPackage.js"], {
    cwd: inRoot("node_modules/node"),
    env: environmentWithoutOwnPrograms(),
  });
}

async function runNpm(/** @type {string[]} */ args) {
  try {
    return await runInForeground("npm", args, { cwd: root, env: environmentWithoutOwnPrograms() });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ENOENT") throw error;
    throw new SetupError("npm was not found on the PATH. Install Node.js 20 or newer together with npm.");
  }
}

/**
 * Compares what npm says it installed with what the lockfile asks for: a hand-run `npm ci` counts as well. npm writes its
 * record last, so an interrupted install does not match.
 */
function matchesLockfile() {
  const wanted = readPackages(lockfile);
  const installed = readPackages(installedLockfile);
  if (wanted === undefined || installed === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes("node_modules/") || entry.link) return true;
    const found = installed[path];
    if (found === undefined)
      return entry.optional === true || entry.devOptional === true || entry.peer === true;
    // Packages of other platforms may stand in the lockfile without a hash; npm's record has one once they are installed.
    return (
      found.version === entry.version &&
      (entry.integrity === undefined || found.integrity === entry.integrity)
    );
  });
}

/** @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean, devOptional?: boolean, peer?: boolean }} LockEntry */

/** @returns {Record<string, LockEntry> | undefined} */
function readPackages(/** @type {string} */ file) {
  const text = readIfThere(file);
  return text === undefined ? undefined : JSON.parse(text).packages;
}

/** The marker only saves the comparison, so a folder that cannot be written to is no problem. */
function rememberHash(/** @type {string} */ hash) {
  try {
    writeFileSync(marker, hash);
  } catch (error) {
    if (!["EACCES", "EPERM", "EROFS"].includes(/** @type {NodeJS.ErrnoException} */ (error).code ?? ""))
      throw error;
  }
}

function lockHash() {
  return createHash("sha256").update(readFileSync(lockfile)).digest("hex");
}

function readIfThere(/** @type {string} */ file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
