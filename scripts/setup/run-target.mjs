import { install, isInstalled } from "./install.mjs";
import { withSetupLock } from "./lock.mjs";
import { inRoot, nodeBinary, root } from "./paths.mjs";
import { environmentWithoutOwnPrograms, runInForeground } from "./processes.mjs";
import { noteRunning } from "./running.mjs";
import { SetupError } from "./setup-error.mjs";
import { buildWeb, isWebBuilt } from "./web.mjs";

/**
 * Sets up what is missing, then runs a script of this checkout on Node 24. Gives the exit code.
 * @param {{ script: string, arguments: string[], needsWeb: boolean, keepDirectory?: boolean }} target
 */
export async function runTarget(target) {
  try {
    const forget = await prepare(target);
    try {
      return await runInForeground(nodeBinary, [inRoot(target.script), ...target.arguments], {
        cwd: target.keepDirectory ? process.cwd() : root,
        env: childEnvironment(),
      });
    } finally {
      forget();
    }
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    return 1;
  }
}

/**
 * The note that we run is made under the same lock as the check, so that no other start can install in between.
 * A complete checkout that we may not write to is run as it is: nobody can install into it either.
 */
async function prepare(/** @type {{ script: string, needsWeb: boolean }} */ target) {
  try {
    return await withSetupLock(async () => {
      if (!isInstalled()) await install();
      if (target.needsWeb && !isWebBuilt()) await buildWeb();
      return noteRunning(target.script);
    });
  } catch (error) {
    if (!["EACCES", "EPERM", "EROFS"].includes(/** @type {NodeJS.ErrnoException} */ (error).code ?? ""))
      throw error;
    if (isInstalled() && !(target.needsWeb && !isWebBuilt())) return () => {};
    throw new SetupError(
      `Something is missing and may not be written: ${/** @type {Error} */ (error).message}`,
    );
  }
}

/**
 * Programs that the target starts find the same Node and our tools first. Four statements of the embedded ClickHouse at a time
 * would hold all four threads that libuv starts with, and files, DNS and password hashing would wait for them.
 */
function childEnvironment() {
  const environment = environmentWithoutOwnPrograms();
  return {
    UV_THREADPOOL_SIZE: "12",
    ...environment,
    PATH: `${inRoot("node_modules/.bin")}:${environment.PATH}`,
  };
}
