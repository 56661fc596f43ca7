import type { Log } from "./log.ts";
import type { Releasers } from "./releasers.ts";

const stopTimeoutMs = 35_000;

/**
 * Ties the life of the process to its parts: the first SIGINT or SIGTERM releases them and exits with 0 when all went well,
 * the second one ends at once. What nothing caught is logged and ends the process, for its state is unknown.
 */
export function stopOnSignals(releasers: Releasers, log: Log): void {
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info("stopping", { signal });
    setTimeout(() => {
      log.error("The stop took too long.");
      process.exit(1);
    }, stopTimeoutMs).unref();
    process.exit((await releaseAll(releasers, log)) ? 0 : 1);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void stop(signal));
  // Without a listener this signal opens the debugger's port, and with it every secret in memory.
  process.on("SIGUSR1", () => log.warn("SIGUSR1 was ignored: the debugger stays closed."));
  const crash = (error: unknown) => {
    log.error("An error that nothing caught; the server ends.", { error });
    process.exit(1);
  };
  process.on("uncaughtException", crash);
  process.on("unhandledRejection", crash);
}

/** False when a part did not stop cleanly; the log says which. */
export async function releaseAll(releasers: Releasers, log: Log): Promise<boolean> {
  let clean = true;
  await releasers.release((name, error) => {
    clean = false;
    log.error("A part did not stop cleanly.", { part: name, error });
  });
  return clean;
}
