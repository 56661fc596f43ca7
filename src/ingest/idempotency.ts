import { createHash } from "node:crypto";
import { AppError, type Clock, type Log } from "../base/index.ts";
import { errorCodes, idempotencyKey } from "../contract/index.ts";
import type { IdempotencyClaims } from "./idempotency-claims.ts";
import { IngestRefusal } from "./refusal.ts";

/** What names one request for ever: its key, and who sent it where. */
export interface NamedRequest {
  readonly credentialId: string;
  readonly groupId: number;
  readonly streamId: number;
  readonly key: string;
}

/**
 * Lets a request that is sent again store nothing again, for 24 hours. The truth is the stored events, which carry the digest of
 * their request's name: so a crash between storing and answering makes no difference.
 */
export interface Idempotency {
  /**
   * `work` is told whether the events are stored already. A repetition gets the answer of the first; while that is under way it
   * waits for it. Throws `header_conflict` when the same name comes with another body, `overloaded` when it is under way in
   * another process.
   */
  run<Answer>(
    request: NamedRequest,
    body: Buffer,
    work: (digest: bigint, isStored: boolean) => Promise<Answer>,
  ): Promise<Answer>;
}

/** Which of the keys came with events that are stored. */
type StoredKeys = (groupId: number, keys: readonly bigint[], sinceMs: number) => Promise<Set<bigint>>;

interface Known {
  readonly bodyHash: string;
  readonly answer: Promise<unknown>;
  readonly at: number;
  isDone: boolean;
}

const keptMs = 24 * 3_600_000;
/** Some 300 bytes each. What is forgotten is looked up in the store. */
const knownMax = 50_000;

/** The header, when there is one. */
export function readIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (idempotencyKey.safeParse(header).success) return header;
  throw new IngestRefusal("header_invalid", "The Idempotency-Key has 1 to 255 visible ASCII characters.");
}

export function createIdempotency(deps: {
  storedKeys: StoredKeys;
  /** Absent where one process alone has the stores. */
  claims: IdempotencyClaims | undefined;
  clock: Clock;
  log: Log;
}): Idempotency {
  const { claims, clock, log } = deps;
  const known = new Map<bigint, Known>();
  const isStored = shareLookups(deps.storedKeys, () => clock.now() - keptMs);

  const forget = () => {
    for (const [digest, { at, isDone }] of known) {
      if (!isDone) continue;
      if (known.size <= knownMax && clock.now() - at < keptMs) return;
      known.delete(digest);
    }
  };
  /** Whether the events are stored; throws when another process is at it. */
  const lookUp = async (groupId: number, digest: bigint): Promise<boolean> => {
    const claim = await claims?.claim(digest);
    if (claim === "first") return false;
    if (claim === "stored" || (await isStored(groupId, digest))) return true;
    if (claim === "elsewhere")
      throw new AppError("overloaded", {
        message: "Another process is storing the same request. Try again.",
      });
    return false;
  };
  const settleClaim = async (digest: bigint, settle: "markStored" | "drop") => {
    // The claim is a short cut to what the stored events say; without it they are asked.
    await claims?.[settle](digest).catch((error) =>
      log.warn("A claim on a request could not be settled.", { error }),
    );
  };
  const runFirst = async <Answer>(
    groupId: number,
    digest: bigint,
    work: (digest: bigint, isStored: boolean) => Promise<Answer>,
  ): Promise<Answer> => {
    const found = await lookUp(groupId, digest);
    try {
      const answer = await work(digest, found);
      await settleClaim(digest, "markStored");
      return answer;
    } catch (error) {
      // After any other failure the events may be stored: the claim stays, and who takes it over asks the store.
      if (isRefused(error) || isUnsent(error)) await settleClaim(digest, "drop");
      throw error;
    }
  };
  return {
    run: async <Answer>(
      request: NamedRequest,
      body: Buffer,
      work: (digest: bigint, isStored: boolean) => Promise<Answer>,
    ): Promise<Answer> => {
      const digest = digestOf(request);
      const bodyHash = createHash("sha256").update(body).digest("base64");
      const earlier = known.get(digest);
      if (earlier && clock.now() - earlier.at < keptMs) {
        if (earlier.bodyHash === bodyHash) return earlier.answer as Promise<Answer>;
        throw new AppError("header_conflict", { message: "The Idempotency-Key was used for another body." });
      }
      const answer = runFirst(request.groupId, digest, work);
      const entry: Known = { bodyHash, answer, at: clock.now(), isDone: false };
      known.set(digest, entry);
      try {
        await answer;
        entry.isDone = true;
        forget();
      } catch {
        if (known.get(digest) === entry) known.delete(digest);
      }
      return answer;
    },
  };
}

/** Because of what the caller sent, before anything was written. */
function isRefused(error: unknown): boolean {
  if (error instanceof IngestRefusal) return true;
  return error instanceof AppError && errorCodes[error.code].fault === "caller";
}

const connectFailures = ["ECONNREFUSED", "ENOTFOUND", "EHOSTUNREACH", "ENETUNREACH"];

/** The store was never reached: nothing can be stored, and the sender may come again at once. */
function isUnsent(error: unknown): boolean {
  let cause = error;
  while (cause instanceof AppError) cause = cause.cause;
  return cause instanceof Error && connectFailures.includes((cause as NodeJS.ErrnoException).code ?? "");
}

/** 64 bits; never 0, which marks events of requests without a name. */
function digestOf({ credentialId, groupId, streamId, key }: NamedRequest): bigint {
  const hash = createHash("sha256").update(`${credentialId}\n${groupId}\n${streamId}\n${key}`).digest();
  return hash.readBigUInt64BE() || 1n;
}

/** Requests that come while the store is asked are asked for together afterwards: one statement for all of a group. */
function shareLookups(storedKeys: StoredKeys, sinceMs: () => number) {
  interface Lookup {
    readonly digests: Set<bigint>;
    readonly found: Promise<Set<bigint>>;
  }
  const next = new Map<number, Lookup>();
  const underWay = new Map<number, Promise<unknown>>();

  const start = (groupId: number): Lookup => {
    const digests = new Set<bigint>();
    const before = underWay.get(groupId) ?? Promise.resolve();
    const found = before
      .catch(() => {})
      .then(() => {
        next.delete(groupId);
        return storedKeys(groupId, [...digests], sinceMs());
      });
    underWay.set(groupId, found);
    found
      .catch(() => {})
      .then(() => {
        if (underWay.get(groupId) === found) underWay.delete(groupId);
      });
    const lookup = { digests, found };
    next.set(groupId, lookup);
    return lookup;
  };
  return async (groupId: number, digest: bigint): Promise<boolean> => {
    const lookup = next.get(groupId) ?? start(groupId);
    lookup.digests.add(digest);
    return (await lookup.found).has(digest);
  };
}
