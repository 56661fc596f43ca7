import { AppError } from "../base/index.ts";

/** First come, first served exclusive use of the one connection. */
export interface ConnectionLock {
  /** Resolves with the function that gives the connection back; throws `store_unavailable` after the wait limit. */
  acquire(): Promise<() => void>;
}

interface Waiter {
  readonly grant: () => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * The wait is bounded as it is in a server's pool: a transaction that waits for a second connection
 * would otherwise hang for ever on an engine that has only one.
 */
export function createConnectionLock(options: { waitLimitMs: number; waitersMax: number }): ConnectionLock {
  const waiters: Waiter[] = [];
  let held = false;

  const releaseOnce = () => {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const next = waiters.shift();
      if (!next) {
        held = false;
        return;
      }
      clearTimeout(next.timer);
      next.grant();
    };
  };

  return {
    acquire: () => {
      if (!held) {
        held = true;
        return Promise.resolve(releaseOnce());
      }
      if (waiters.length >= options.waitersMax) return Promise.reject(busy("too many statements wait"));
      return new Promise((resolve, reject) => {
        const waiter: Waiter = {
          grant: () => resolve(releaseOnce()),
          timer: setTimeout(() => {
            waiters.splice(waiters.indexOf(waiter), 1);
            reject(busy(`no connection within ${options.waitLimitMs} ms`));
          }, options.waitLimitMs),
        };
        waiters.push(waiter);
      });
    },
  };
}

function busy(reason: string): AppError {
  return new AppError("store_unavailable", { detail: { store: "control plane", reason } });
}
