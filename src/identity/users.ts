import type { Kysely, Transaction } from "kysely";
import { AppError } from "../base/index.ts";
import { type AccessQuestion, type Page, type Principal, pageOf, type User } from "../contract/index.ts";
import type { Tables } from "../db/index.ts";
import { addUser } from "./add-user.ts";
import { asAppErrors } from "./as-app-error.ts";
import { type Attachment, arnsOfReferences, findAttachments } from "./attached-policies.ts";
import type { Facts } from "./authorizer.ts";
import type { Directory, DirectoryUser } from "./directory/build-directory.ts";
import type { IamDeps } from "./iam/deps.ts";
import { arnOfUser } from "./principals.ts";
import { deleteSessionsOfUser } from "./session-queries.ts";
import {
  attachPolicies,
  deleteUser,
  findUserByName,
  isLastAdministrator,
  readSignIns,
  replacePolicies,
  type UserRecord,
  updatePassword,
} from "./user-queries.ts";

interface UserInput {
  readonly name: string;
  readonly password?: string | undefined;
  /** Names or ARNs. */
  readonly policies: readonly string[];
}

type UserUpdate = Partial<Omit<UserInput, "name">>;

/** Users as the console manages them: user, password and policies in one go. */
export interface Users {
  list(page: { offset: number; limit: number }): Promise<Page<User>>;
  /** Throws `name_taken`, `limit_exceeded`. */
  create(input: UserInput, caller: Principal, facts?: Facts): Promise<User>;
  /**
   * A new password or new policies end the user's sessions, so that nobody goes on with what was taken away; the
   * caller's own session goes on. Throws `user_not_found`, `last_administrator`.
   */
  update(name: string, input: UserUpdate, caller: Principal, facts?: Facts): Promise<User>;
  /** Takes sessions, tokens and keys along. Throws `user_not_found`, `last_administrator`. */
  delete(name: string, caller: Principal, facts?: Facts): Promise<void>;
  /**
   * What has to be allowed for each: one form of the console does what IAM has several actions for. A change asks it once more
   * when it is made.
   */
  readonly access: {
    list(): AccessQuestion[];
    create(input: UserInput): Promise<AccessQuestion[]>;
    update(name: string, input: UserUpdate): Promise<AccessQuestion[]>;
    delete(name: string): Promise<AccessQuestion[]>;
  };
}

interface UsersDeps
  extends Pick<
    IamDeps,
    "kysely" | "counters" | "directory" | "passwords" | "clock" | "random" | "log" | "accountId" | "gate"
  > {
  /** Forgets what lies in the vault for the access keys of a user who goes. */
  forgetAccessKeys(transaction: Transaction<Tables>, userRecordId: string): Promise<void>;
}

export function createUsers(deps: UsersDeps): Users {
  const { kysely, counters, directory, passwords, clock, log, accountId, gate } = deps;
  const questions = createUserQuestions(accountId);
  const describeByName = async (name: string): Promise<User> => {
    const user = (await directory.current()).userByName(name);
    if (!user) throw new AppError("user_not_found");
    return describeUser(user, await readSignIns(kysely, [user.recordId]));
  };
  return {
    access: {
      list: () => [{ action: "iam:ListUsers", resource: arnOfUser(accountId, { path: "/", name: "" }) }],
      create: async (input) => questions.create(kysely, await directory.current(), input),
      update: async (name, input) => questions.update(kysely, await directory.current(), name, input),
      delete: async (name) => questions.delete(await directory.current(), name),
    },
    list: async ({ offset, limit }) => {
      const { users } = await directory.current();
      const shown = users.slice(offset, offset + limit);
      const signIns = await readSignIns(
        kysely,
        shown.map(({ recordId }) => recordId),
      );
      return pageOf(
        shown.map((user) => describeUser(user, signIns)),
        { offset, limit },
        users.length,
      );
    },
    create: async (input, caller, facts = {}) => {
      const { name, password, policies } = input;
      const passwordHash = password === undefined ? null : await passwords.hash(password);
      await asAppErrors({}, () =>
        counters.change("identity", async (transaction) => {
          const now = await gate({ principal: caller, facts }, transaction);
          now.require(await questions.create(transaction, now.directory, input));
          const attachments = await findAttachments(transaction, policies, accountId);
          const { id } = await addUser(transaction, deps, { name, passwordHash });
          await attachPolicies(transaction, id, attachments);
        }),
      );
      log.info("Created a user.", { user: name, policies, by: caller.arn });
      return describeByName(name);
    },
    update: async (name, input, caller, facts = {}) => {
      const { password, policies } = input;
      const passwordHash = password === undefined ? undefined : await passwords.hash(password);
      const user = await counters.change("identity", async (transaction) => {
        const now = await gate({ principal: caller, facts }, transaction);
        now.require(await questions.update(transaction, now.directory, name, input));
        const found = await requireUser(transaction, name);
        if (policies) {
          const attachments = await findAttachments(transaction, policies, accountId);
          await changePolicies(transaction, found.id, attachments);
        }
        if (passwordHash !== undefined) {
          await updatePassword(transaction, found.id, passwordHash, new Date(clock.now()));
        }
        const own = caller.proof.kind === "session" ? caller.proof.id : undefined;
        await deleteSessionsOfUser(transaction, found.id, own);
        return found;
      });
      const newPassword = password !== undefined;
      log.info("Changed a user.", { user: user.name, policies, newPassword, by: caller.arn });
      return describeByName(user.name);
    },
    delete: async (name, caller, facts = {}) => {
      await counters.change("identity", async (transaction) => {
        const now = await gate({ principal: caller, facts }, transaction);
        now.require(questions.delete(now.directory, name));
        const user = await requireUser(transaction, name);
        if (await isLastAdministrator(transaction, user.id)) throw new AppError("last_administrator");
        await deps.forgetAccessKeys(transaction, user.id);
        await deleteUser(transaction, user.id);
      });
      log.info("Deleted a user.", { user: name, by: caller.arn });
    },
  };
}

/** What the actions of one form ask, of the state that `held` shows; `db` may be the transaction of the change itself. */
function createUserQuestions(accountId: string) {
  const attach = (action: string, resource: string, arn: string): AccessQuestion => ({
    action,
    resource,
    context: { "iam:PolicyARN": arn },
  });
  return {
    create: async (db: Kysely<Tables>, held: Directory, { name, password, policies }: UserInput) => {
      const resource = held.arnOfName(name);
      const arns = await arnsOfReferences(db, policies, accountId);
      return [
        { action: "iam:CreateUser", resource },
        ...arns.map((arn) => attach("iam:AttachUserPolicy", resource, arn)),
        ...(password === undefined ? [] : [{ action: "iam:CreateLoginProfile", resource }]),
      ];
    },
    update: async (db: Kysely<Tables>, held: Directory, name: string, input: UserUpdate) => {
      const { password, policies } = input;
      const resource = held.arnOfName(name);
      const user = held.userByName(name);
      const profile = user?.passwordCreatedAt ? "iam:UpdateLoginProfile" : "iam:CreateLoginProfile";
      const now = attachedArns(user);
      const wanted = policies ? await arnsOfReferences(db, policies, accountId) : now;
      const added = wanted.filter((arn) => !now.includes(arn));
      const removed = now.filter((arn) => !wanted.includes(arn));
      return [
        { action: "iam:UpdateUser", resource },
        ...added.map((arn) => attach("iam:AttachUserPolicy", resource, arn)),
        ...removed.map((arn) => attach("iam:DetachUserPolicy", resource, arn)),
        ...(password === undefined ? [] : [{ action: profile, resource }]),
      ];
    },
    delete: (held: Directory, name: string) => {
      const resource = held.arnOfName(name);
      const actions = ["iam:DeleteUser", ...actionsBeforeDeletion(held.userByName(name))];
      return actions.map((action) => ({ action, resource }));
    },
  };
}

/** What a caller of IAM itself would have to do first, as it deletes no user that still has something. */
function actionsBeforeDeletion(user: DirectoryUser | undefined): string[] {
  const needed: readonly (readonly [string, boolean | undefined])[] = [
    ["iam:DeleteAccessKey", user && user.accessKeys.length > 0],
    ["iam:DeleteServiceSpecificCredential", user && user.credentials.length > 0],
    ["iam:DetachUserPolicy", user && user.policyNames.length > 0],
    ["iam:DeleteUserPolicy", user && user.inlinePolicyNames.length > 0],
    ["iam:DeleteLoginProfile", user?.passwordCreatedAt !== undefined],
  ];
  return needed.filter(([, isNeeded]) => isNeeded).map(([action]) => action);
}

/** Inline policies have no ARN. */
function attachedArns(user: DirectoryUser | undefined): string[] {
  return (user?.policies ?? []).flatMap(({ arn }) => arn ?? []);
}

function describeUser(user: DirectoryUser, signIns: ReadonlyMap<string, Date>): User {
  return {
    name: user.name,
    arn: user.arn,
    policies: [...user.policyNames],
    inlinePolicies: [...user.inlinePolicyNames],
    hasPassword: user.passwordCreatedAt !== undefined,
    createdAt: user.createdAt.toISOString(),
    lastSignInAt: signIns.get(user.recordId)?.toISOString() ?? null,
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
  attachments: readonly Attachment[],
): Promise<void> {
  const staysAdministrator = attachments.some(({ policyName }) => policyName === "AdministratorAccess");
  if (!staysAdministrator && (await isLastAdministrator(transaction, userId))) {
    throw new AppError("last_administrator");
  }
  await replacePolicies(transaction, userId, attachments);
}
