import type { Kysely, Transaction } from "kysely";
import { AppError, type Clock, type Log, type Random } from "../base/index.ts";
import { type ManagedPolicyName, type Page, type Principal, pageOf, type User } from "../contract/index.ts";
import type { Tables } from "../db/index.ts";
import type { Passwords } from "./passwords.ts";
import { arnOfUser } from "./principals.ts";
import { deleteSessionsOfUser } from "./session-queries.ts";
import {
  countUsers,
  deleteUser,
  findUserByName,
  insertUser,
  listUsers,
  lockAdministrators,
  replacePolicies,
  type UserRecord,
  updatePassword,
} from "./user-queries.ts";

type Caller = Pick<Principal, "arn">;

export interface Users {
  list(page: { offset: number; limit: number }): Promise<Page<User>>;
  /** Throws `name_taken`. */
  create(
    input: { name: string; password: string; policies: ManagedPolicyName[] },
    caller: Caller,
  ): Promise<User>;
  /**
   * A new password or new policies end the user's sessions, so that nobody goes on with what was taken away; the
   * caller's own session goes on. Throws `user_not_found`, `last_administrator`.
   */
  update(
    name: string,
    input: { password?: string | undefined; policies?: ManagedPolicyName[] | undefined },
    caller: Principal,
  ): Promise<User>;
  /** Takes sessions, tokens and keys along. Throws `user_not_found`, `last_administrator`. */
  delete(name: string, caller: Caller): Promise<void>;
}

export function createUsers(deps: {
  kysely: Kysely<Tables>;
  passwords: Passwords;
  clock: Clock;
  random: Random;
  log: Log;
  accountId: string;
}): Users {
  const { kysely, passwords, clock, random, log } = deps;
  const describe = (user: UserRecord): User => ({
    name: user.name,
    arn: arnOfUser(deps.accountId, user.name),
    policies: [...user.policies],
    createdAt: user.createdAt.toISOString(),
    lastSignInAt: user.lastSignInAt?.toISOString() ?? null,
  });
  return {
    list: async ({ offset, limit }) => {
      const items = (await listUsers(kysely, { offset, limit })).map(describe);
      return pageOf(items, { offset, limit }, await countUsers(kysely));
    },
    create: async ({ name, password, policies }, caller) => {
      const passwordHash = await passwords.hash(password);
      const created = await kysely.transaction().execute(async (transaction) => {
        const id = random.uuid();
        const createdAt = new Date(clock.now());
        if (!(await insertUser(transaction, { id, name, passwordHash, createdAt }))) {
          throw new AppError("name_taken", { message: `A user named ${name} exists already.` });
        }
        await replacePolicies(transaction, id, policies);
        return describe(await requireUser(transaction, name));
      });
      log.info("Created a user.", { user: created.name, policies, by: caller.arn });
      return created;
    },
    update: async (name, { password, policies }, caller) => {
      const passwordHash = password === undefined ? undefined : await passwords.hash(password);
      const changed = await kysely.transaction().execute(async (transaction) => {
        const user = await requireUser(transaction, name);
        if (policies) await changePolicies(transaction, user.id, policies);
        if (passwordHash !== undefined) await updatePassword(transaction, user.id, passwordHash);
        const own = caller.proof.kind === "session" ? caller.proof.id : undefined;
        await deleteSessionsOfUser(transaction, user.id, own);
        return describe(await requireUser(transaction, name));
      });
      const newPassword = password !== undefined;
      log.info("Changed a user.", { user: changed.name, policies, newPassword, by: caller.arn });
      return changed;
    },
    delete: async (name, caller) => {
      await kysely.transaction().execute(async (transaction) => {
        const user = await requireUser(transaction, name);
        await requireOtherAdministrator(transaction, user.id);
        await deleteUser(transaction, user.id);
      });
      log.info("Deleted a user.", { user: name, by: caller.arn });
    },
  };
}

async function requireUser(transaction: Transaction<Tables>, name: string): Promise<UserRecord> {
  const user = await findUserByName(transaction, name);
  if (!user) throw new AppError("user_not_found");
  return user;
}

async function changePolicies(
  transaction: Transaction<Tables>,
  userId: string,
  policies: readonly ManagedPolicyName[],
): Promise<void> {
  if (!policies.includes("AdministratorAccess")) await requireOtherAdministrator(transaction, userId);
  await replacePolicies(transaction, userId, policies);
}

/** Passes when the user is no administrator, or not the only one. */
async function requireOtherAdministrator(transaction: Transaction<Tables>, userId: string): Promise<void> {
  const administrators = await lockAdministrators(transaction);
  if (administrators.length === 1 && administrators[0] === userId) throw new AppError("last_administrator");
}
