import { type Clock, createTokenBuckets } from "../base/index.ts";
import type { RefusalKind } from "./refusal.ts";

/** Who was refused for these has proved nothing. */
const unproven: ReadonlySet<RefusalKind> = new Set([
  "credentials_missing",
  "authorization_malformed",
  "key_unknown",
  "key_inactive",
  "key_expired",
  "signature_rejected",
]);

/** One address may fail so often at once and go on at that rate: more than people who try, fewer than programs that guess. */
const ofAddress = { burst: 500, perSecond: 50 };
/** And all addresses together, since a flood may come from many. */
const ofAll = { burst: 2_000, perSecond: 200 };
/** What other processes know of a key may be 0.4 s old: who tries a key until it is good, or is not, finds out within a second all the same. */
const waitMs = 500;
/** Half of all connections; who is beyond that is told at once, as the rest of the requests under way is for others. */
const waitingMax = 2_048;

/** Slows down whoever keeps on sending without proof: who waits for answers cannot ask faster than they come. */
export interface Strangers {
  /** To be waited for before a refusal is told, for no longer than the sender is there; undefined for at once. */
  answerable(address: string, kind: RefusalKind): ((gone: AbortSignal) => Promise<void>) | undefined;
}

export function createStrangers(clock: Clock): Strangers {
  const perAddress = createTokenBuckets({ clock, ...ofAddress });
  const altogether = createTokenBuckets({ clock, ...ofAll });
  let waiting = 0;
  const isSeldom = (address: string) => perAddress.take(address) === 0 && altogether.take("") === 0;
  const wait = async (gone: AbortSignal) => {
    if (waiting >= waitingMax) return;
    waiting += 1;
    await clock.sleep(waitMs, gone).catch(() => {});
    waiting -= 1;
  };
  return {
    answerable: (address, kind) => (unproven.has(kind) && !isSeldom(address) ? wait : undefined),
  };
}
