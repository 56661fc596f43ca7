import { createHmac } from "node:crypto";
import type { Kysely } from "kysely";
import { AppError, type Clock, type Log, type Random } from "../base/index.ts";
import type { Principal, Session } from "../contract/index.ts";
import type { Tables } from "../db/index.ts";
import type { Authorizer } from "./authorizer.ts";
import { digestOf } from "./digest.ts";
import type { DirectoryUser } from "./directory/build-directory.ts";
import type { DirectoryHolder } from "./directory/directory.ts";
import type { Passwords } from "./passwords.ts";
import { principalOfUser } from "./principals.ts";
import {
  deleteSession,
  deleteSessionsOfUser,
  findSession,
  insertSession,
  pruneSessions,
  type SessionRecord,
  touchSession,
} from "./session-queries.ts";
import type { SignInBackoff } from "./sign-in-backoff.ts";
import { findUserByIamId, findUserByName, recordSignIn, updatePassword } from "./user-queries.ts";

const idleMs = 8 * 3_600_000;
const absoluteMs = 7 * 86_400_000;
/** Coarse, so that reading a page is not a row written per request. */
const touchEveryMs = 60_000;
const sessionsPerUserMax = 20;

export interface ResolvedSession {
  readonly principal: Principal;
  readonly csrfToken: string;
  readonly expiresAt: Date;
}

export interface Sessions {
  /**
   * Makes a new session, whatever cookie the browser sent (no fixation). Throws `login_failed`, after the same time for
   * an unknown user as for a wrong password, or `login_rate_limited`.
   */
  signIn(input: {
    user: string;
    password: string;
    address: string;
  }): Promise<{ cookieValue: string; session: Session }>;
  /** Undefined when the cookie names no living session. */
  resolve(cookieValue: string): Promise<ResolvedSession | undefined>;
  signOut(principal: Principal): Promise<void>;
  /** Ends the user's other sessions. Throws `validation_failed` when the current password is wrong. */
  changePassword(
    principal: Principal,
    input: { currentPassword: string; newPassword: string; address: string },
  ): Promise<void>;
}

export function createSessions(deps: {
  kysely: Kysely<Tables>;
  directory: DirectoryHolder;
  describeCaller: Authorizer["describeCaller"];
  passwords: Passwords;
  backoff: SignInBackoff;
  clock: Clock;
  random: Random;
  log: Log;
  accountId: string;
}): Sessions {
  const { kysely, directory, describeCaller, passwords, backoff, clock, random, log, accountId } = deps;
  /** A row names the user, so one who is not in memory was made by another process a moment ago. */
  const findUser = async (recordId: string): Promise<DirectoryUser | undefined> =>
    (await directory.current()).userByRecord(recordId) ?? (await directory.reload()).userByRecord(recordId);
  const isAlive = (record: SessionRecord) =>
    record.expiresAt.getTime() > clock.now() && record.lastSeenAt.getTime() + idleMs > clock.now();

  return {
    signIn: async ({ user: name, password, address }) => {
      const account = name.toLowerCase();
      backoff.begin(account, address);
      const user = await findUserByName(kysely, name);
      if (!(await passwords.verify(password, user?.passwordHash ?? undefined)) || !user) {
        // Only names that exist: people type their password into the field of the name.
        log.warn("A sign-in failed.", { user: user?.name, address });
        throw new AppError("login_failed", { detail: { user: user?.name } });
      }
      backoff.succeed(account, address);

      const cookieValue = random.bytes(32).toString("base64url");
      const idHash = digestOf(cookieValue);
      const now = new Date(clock.now());
      const expiresAt = new Date(clock.now() + absoluteMs);
      await kysely.transaction().execute(async (transaction) => {
        await insertSession(transaction, { idHash, userId: user.id, createdAt: now, expiresAt });
        await pruneSessions(transaction, {
          now,
          idleBefore: new Date(clock.now() - idleMs),
          userId: user.id,
          keep: sessionsPerUserMax,
        });
        await recordSignIn(transaction, user.id, now);
      });
      const found = await findUser(user.id);
      if (!found) throw new AppError("login_failed");
      const principal = principalOfUser(accountId, found, { kind: "session", id: idHash });
      log.info("Signed in.", { user: user.name, address });
      const session = await describeCaller(principal, { csrfToken: csrfTokenOf(cookieValue), expiresAt });
      return { cookieValue, session };
    },

    resolve: async (cookieValue) => {
      const idHash = digestOf(cookieValue);
      const record = await findSession(kysely, idHash);
      if (!record) return undefined;
      if (!isAlive(record)) {
        await deleteSession(kysely, idHash);
        return undefined;
      }
      if (clock.now() - record.lastSeenAt.getTime() >= touchEveryMs) {
        await touchSession(kysely, idHash, new Date(clock.now()));
      }
      const user = await findUser(record.userId);
      if (!user) return undefined;
      return {
        principal: principalOfUser(accountId, user, { kind: "session", id: idHash }),
        csrfToken: csrfTokenOf(cookieValue),
        expiresAt: record.expiresAt,
      };
    },

    signOut: async (principal) => {
      if (principal.proof.kind === "session") await deleteSession(kysely, principal.proof.id);
    },

    changePassword: async (principal, { currentPassword, newPassword, address }) => {
      const account = principal.name.toLowerCase();
      backoff.begin(account, address);
      const user = await findUserByIamId(kysely, principal.id);
      if (!user || !(await passwords.verify(currentPassword, user.passwordHash ?? undefined))) {
        throw new AppError("validation_failed", {
          message: "The current password is wrong.",
          fields: [{ path: "currentPassword", message: "This is not the current password." }],
        });
      }
      backoff.succeed(account, address);
      const passwordHash = await passwords.hash(newPassword);
      const own = principal.proof.kind === "session" ? principal.proof.id : undefined;
      await kysely.transaction().execute(async (transaction) => {
        await updatePassword(transaction, user.id, passwordHash, new Date(clock.now()));
        await deleteSessionsOfUser(transaction, user.id, own);
      });
      log.info("Changed a password.", { user: user.name, address });
    },
  };
}

/** Derived from the cookie, so that nothing has to be stored and a new session has a new token. */
function csrfTokenOf(cookieValue: string): string {
  return createHmac("sha256", cookieValue).update("csrf").digest("base64url");
}
