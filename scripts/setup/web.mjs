import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { inRoot, nodeBinary, stateDirectory } from "./paths.mjs";
import { environmentWithoutOwnPrograms, runInForeground } from "./processes.mjs";
import { SetupError } from "./setup-error.mjs";

const dist = inRoot("web/dist");
const marker = `${stateDirectory}/web-build`;

/** Everything that changes what the build gives. */
const inputs = ["web", "src/contract", "package-lock.json"];
const notInputs = new Set(["node_modules", "dist", "dist.next", "dist.old", ".vite"]);

/** True when web/dist was built from the sources as they are. Reads all of them, which takes some 10 ms. */
export function isWebBuilt() {
  return (
    existsSync(`${dist}/index.html`) && existsSync(marker) && readFileSync(marker, "utf8") === sourceHash()
  );
}

/** Builds beside the old build and swaps, so that a running server never serves half of one. To be called under the set-up lock. */
export async function buildWeb() {
  console.error("Building the web UI.");
  const hash = sourceHash();
  const code = await runInForeground(
    nodeBinary,
    [
      inRoot("node_modules/vite/bin/vite.js"),
      "build",
      "--outDir",
      "dist.next",
      "--emptyOutDir",
      "--logLevel",
      "warn",
    ],
    { cwd: inRoot("web"), env: { ...environmentWithoutOwnPrograms(), NODE_ENV: "production" } },
  );
  if (code !== 0) throw new SetupError(`Building the web UI failed with exit code ${code}; see above.`);
  rmSync(`${dist}.old`, { recursive: true, force: true });
  if (existsSync(dist)) renameSync(dist, `${dist}.old`);
  renameSync(`${dist}.next`, dist);
  rmSync(`${dist}.old`, { recursive: true, force: true });
  writeFileSync(marker, hash);
}

function sourceHash() {
  const hash = createHash("sha256");
  for (const input of inputs) {
    for (const file of listFiles(input))
      hash
        .update(`${file}\0`)
        .update(readFileSync(inRoot(file)))
        .update("\0");
  }
  return hash.digest("hex");
}

/** @returns {string[]} Files below a path of the checkout, in a stable order; tests are no part of the build. */
function listFiles(/** @type {string} */ path) {
  if (!existsSync(inRoot(path))) return [];
  if (!/^(web|src\/contract)(\/|$)/.test(path)) return [path];
  return readdirSync(inRoot(path), { withFileTypes: true })
    .filter((entry) => !notInputs.has(entry.name) && !/\.test\.tsx?$/.test(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory() ? listFiles(`${path}/${entry.name}`) : [`${path}/${entry.name}`],
    );
}
