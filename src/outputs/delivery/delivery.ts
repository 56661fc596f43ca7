import { dueTargets } from "../outputs-queries.ts";
import { type TargetKey, type TurnDeps, takeTurn } from "./turn.ts";

/** Sends in the background what runs have stored. */
export interface Delivery {
  /** Starts a turn at each target that has something to send, as far as there are places; does not wait for them. */
  kick(): Promise<void>;
  /** Interrupts turns under way and waits for their end. Safe to call twice. */
  stop(): Promise<void>;
  /** Resolves when no turn is under way. */
  idle(): Promise<void>;
}

/** Turns at a time in this process: each holds a page of points, about 20 MB with long labels. */
const turnsAtOnce = 4;

export function createDelivery(deps: TurnDeps): Delivery {
  const active = new Map<string, Promise<void>>();
  const stopping = new AbortController();

  const start = (key: TargetKey) => {
    const name = `${key.integrationId} ${key.kind}`;
    if (active.has(name)) return;
    const turn = takeTurn(deps, key, stopping.signal)
      .catch((error: unknown) => {
        deps.log.error("A turn of sending metrics could not be recorded.", { ...key, error });
      })
      .finally(() => active.delete(name));
    active.set(name, turn);
  };
  const idle = async () => {
    while (active.size > 0) await Promise.all(active.values());
  };
  return {
    kick: async () => {
      const free = turnsAtOnce - active.size;
      if (stopping.signal.aborted || free <= 0) return;
      for (const key of await dueTargets(deps.db.kysely, deps.clock.now(), free)) {
        if (!stopping.signal.aborted) start(key);
      }
    },
    stop: async () => {
      stopping.abort();
      await idle();
    },
    idle,
  };
}
