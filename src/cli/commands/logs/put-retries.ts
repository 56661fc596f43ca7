import { CliError, exitCodes } from "../../cli-error.ts";
import type { Terminal } from "../../terminal.ts";

export interface Retries {
  /** What `attempt` gives, which is made again when its failure may pass. Throws what the last one threw. */
  run<T>(attempt: () => Promise<T>): Promise<T>;
}

/** Of all waits for one request together. */
const waitMsMax = 60_000;
const firstWaitMs = 1000;
const busy = [429, 502, 503, 504];
/** A connection that was there and is gone. */
const dropped = ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"];

/**
 * For requests that may be repeated. Once `interrupted` nothing is waited for any more: one last attempt is made at once. A
 * server that never answered anything is not waited for either: its address is more likely wrong than it is busy.
 */
export function createRetries(
  { clock, writeError }: Pick<Terminal, "clock" | "writeError">,
  interrupted: AbortSignal,
): Retries {
  let isReached = false;
  let isTold = false;
  const mayPass = (error: unknown): error is CliError => {
    if (!(error instanceof CliError)) return false;
    const { status, networkCode } = error.details;
    if (busy.includes(Number(status)) || dropped.includes(String(networkCode))) isReached = true;
    else if (error.exitCode !== exitCodes.unreachable) return false;
    return isReached;
  };
  const tell = ({ message }: CliError) => {
    if (isTold) return;
    isTold = true;
    writeError(`${message}\nIt is tried again for up to a minute.\n`);
  };
  return {
    run: async (attempt) => {
      let waitedMs = 0;
      for (let backoffMs = firstWaitMs; ; backoffMs *= 2) {
        const isLast = interrupted.aborted && waitedMs > 0;
        try {
          const result = await attempt();
          isReached = true;
          return result;
        } catch (error) {
          if (isLast || !mayPass(error)) throw error;
          const waitMs = Math.max(backoffMs, Number(error.details.retryAfterSeconds ?? 0) * 1000);
          if (waitedMs + waitMs > waitMsMax) throw error;
          waitedMs += waitMs;
          tell(error);
          await clock.sleep(waitMs, interrupted).catch(() => {});
        }
      }
    },
  };
}
