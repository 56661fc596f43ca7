import type { Clock } from "../base/index.ts";

/** Keys that sign requests, as the SDK takes them. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  /** Absent for keys that do not expire by themselves. */
  readonly expiration?: Date | undefined;
  /** Where they were found, in words for the connection test. */
  readonly origin?: string | undefined;
}

/** Gives keys that are valid now. */
export interface Identity {
  (): Promise<AwsKeys>;
  /** Drops what is cached, so that the next call loads anew. */
  forget(): void;
  /** Whether loading anew can give other keys than before. */
  readonly refreshable: boolean;
}

const refreshBeforeMs = 5 * 60_000;
/** While the keys at hand are still valid, a refresh that failed, or that gave keys with little life left, is not repeated before this. */
const retryAfterMs = 30_000;

/**
 * One load for any number of concurrent callers. Keys are loaded anew five minutes before they expire; when that fails
 * they serve on while they last. A failure is never remembered once the keys have run out.
 */
export function cachedIdentity(clock: Clock, load: () => Promise<AwsKeys>, refreshable = true): Identity {
  let keys: AwsKeys | undefined;
  let loading: Promise<AwsKeys> | undefined;
  let nextTryAt = 0;

  const lifeLeftMs = () =>
    keys === undefined
      ? 0
      : keys.expiration
        ? keys.expiration.getTime() - clock.now()
        : Number.POSITIVE_INFINITY;

  async function refresh(): Promise<AwsKeys> {
    try {
      const loaded = await load();
      keys = loaded;
      return loaded;
    } catch (error) {
      if (keys && lifeLeftMs() > 0) return keys;
      throw error;
    } finally {
      nextTryAt = clock.now() + retryAfterMs;
      loading = undefined;
    }
  }

  const identity = async (): Promise<AwsKeys> => {
    const left = lifeLeftMs();
    if (keys && (left > refreshBeforeMs || (left > 0 && clock.now() < nextTryAt))) return keys;
    loading ??= refresh();
    return loading;
  };
  const forget = () => {
    keys = undefined;
    nextTryAt = 0;
  };
  return Object.assign(identity, { forget, refreshable });
}

/** Says at which step of becoming someone it failed; the reason is the cause. */
export class IdentityError extends Error {
  override readonly name = "IdentityError";
  /** `base`, or the number of the role in the chain, from 1. */
  readonly step: "base" | number;

  constructor(step: "base" | number, what: string, cause: unknown) {
    super(what, { cause });
    this.step = step;
  }
}
