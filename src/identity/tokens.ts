import type { Kysely } from "kysely";
import { AppError, alphanumerics, type Clock, type Log, type Random } from "../base/index.ts";
import { type Principal, type Token, uuid } from "../contract/index.ts";
import type { Tables } from "../db/index.ts";
import { digestOf } from "./digest.ts";
import { principalOfUser } from "./principals.ts";
import {
  deleteToken,
  findTokenByHash,
  insertToken,
  listTokensOfUser,
  type TokenRecord,
  touchToken,
} from "./token-queries.ts";

/** 43 characters of 62 hold 256 random bits; the prefix lets secret scanners find a leaked token. */
const secretLength = 43;
const tokenForm = /^nepho_[A-Za-z0-9]{43}$/;
const tokensPerUserMax = 50;
const touchEveryMs = 60_000;

export interface Tokens {
  /** Read from the store each time, so that revoking takes effect at once in every process. */
  resolve(value: string): Promise<Principal | undefined>;
  list(caller: Principal): Promise<{ items: Token[] }>;
  /** The answer holds the value; it is never shown again. Throws `limit_exceeded`. */
  create(
    caller: Principal,
    input: { name: string; expiresInDays: number | null },
  ): Promise<Token & { value: string }>;
  /** Throws `token_not_found`, for another user's token too. */
  delete(caller: Principal, id: string): Promise<void>;
}

export function createTokens(deps: {
  kysely: Kysely<Tables>;
  clock: Clock;
  random: Random;
  log: Log;
  accountId: string;
}): Tokens {
  const { kysely, clock, random, log, accountId } = deps;
  const isExpired = (expiresAt: Date | null) => expiresAt !== null && expiresAt.getTime() <= clock.now();
  const describe = (record: TokenRecord): Token => ({
    id: record.id,
    name: record.name,
    hint: record.hint,
    createdAt: record.createdAt.toISOString(),
    expiresAt: record.expiresAt?.toISOString() ?? null,
    lastUsedAt: record.lastUsedAt?.toISOString() ?? null,
    status: isExpired(record.expiresAt) ? "expired" : "active",
  });
  /** The time of last use is a courtesy: that it cannot be written must not lock the caller out. */
  const recordUse = async (id: string, lastUsedAt: Date | null) => {
    if (lastUsedAt && clock.now() - lastUsedAt.getTime() < touchEveryMs) return;
    try {
      await touchToken(kysely, id, new Date(clock.now()));
    } catch (error) {
      log.warn("Could not record the use of a token.", { tokenId: id, error });
    }
  };

  return {
    resolve: async (value) => {
      if (!tokenForm.test(value)) return undefined;
      const found = await findTokenByHash(kysely, digestOf(value));
      if (!found || isExpired(found.expiresAt)) return undefined;
      await recordUse(found.id, found.lastUsedAt);
      return principalOfUser(accountId, found.user, { kind: "token", id: found.id });
    },
    list: async (caller) => ({ items: (await listTokensOfUser(kysely, caller.id)).map(describe) }),
    create: async (caller, { name, expiresInDays }) => {
      const existing = await listTokensOfUser(kysely, caller.id);
      if (existing.length >= tokensPerUserMax) {
        throw new AppError("limit_exceeded", {
          message: `A user has at most ${tokensPerUserMax} tokens. Delete one that is no longer used.`,
        });
      }
      const { value, record } = newToken({ name, expiresInDays, clock, random });
      await insertToken(kysely, { ...record, userId: caller.id, secretHash: digestOf(value) });
      log.info("Created a REST token.", { tokenId: record.id, expiresAt: record.expiresAt, by: caller.arn });
      return { ...describe(record), value };
    },
    delete: async (caller, id) => {
      if (!uuid.safeParse(id).success || !(await deleteToken(kysely, id, caller.id))) {
        throw new AppError("token_not_found");
      }
      log.info("Revoked a REST token.", { tokenId: id, by: caller.arn });
    },
  };
}

export function newToken(from: {
  name: string;
  expiresInDays: number | null;
  clock: Clock;
  random: Random;
}): { value: string; record: TokenRecord } {
  const { name, expiresInDays, clock, random } = from;
  const value = `nepho_${random.text(secretLength, alphanumerics)}`;
  const expiresAt = expiresInDays === null ? null : new Date(clock.now() + expiresInDays * 86_400_000);
  const createdAt = new Date(clock.now());
  return {
    value,
    record: { id: random.uuid(), name, hint: value.slice(-4), createdAt, expiresAt, lastUsedAt: null },
  };
}
