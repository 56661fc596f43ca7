import { AppError, type Clock } from "../base/index.ts";

/** First come, first served exclusive use of the one connection. */
export interface ConnectionLock {
  /** Resolves with the function that gives the connection back; throws `store_unavailable` after the wait limit. */
  acquire(): Promise<() => void>;
}

/**
 * The wait is bounded as it is in a server's pool: a transaction that waits for a second connection
 * would otherwise hang for ever on an engine that has only one.
 */
export function createConnectionLock(options: {
  clock: Clock;
  waitLimitMs: number;
  waitersMax: number;
}): ConnectionLock {
  const waiters: (() => void)[] = [];
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
      next();
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
        const timeUp = new AbortController();
        const grant = () => {
          timeUp.abort();
          resolve(releaseOnce());
        };
        waiters.push(grant);
        const giveUp = () => {
          waiters.splice(waiters.indexOf(grant), 1);
          reject(busy(`no connection within ${options.waitLimitMs} ms`));
        };
        options.clock.sleep(options.waitLimitMs, timeUp.signal).then(giveUp, () => {});
      });
    },
  };
}

function busy(reason: string): AppError {
  return new AppError("store_unavailable", { detail: { store: "control plane", reason } });
}
