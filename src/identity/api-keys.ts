import { AppError } from "../base/index.ts";
import {
  type AccessQuestion,
  type ApiKey,
  type ApiKeyInput,
  type ApiKeyListQuery,
  type CreatedApiKey,
  type Page,
  type Principal,
  pageOf,
} from "../contract/index.ts";
import { addUser } from "./add-user.ts";
import { type AppErrorCodes, asAppErrors } from "./as-app-error.ts";
import { findAttachments } from "./attached-policies.ts";
import type { Facts } from "./authorizer.ts";
import type { Directory, DirectoryCredential } from "./directory/build-directory.ts";
import type { IamDeps } from "./iam/deps.ts";
import { managedPolicies } from "./policy/managed-policies.ts";
import { readCredentialUse } from "./service-credentials/credential-queries.ts";
import { describeCredential, type ServiceCredential } from "./service-credentials/credentials.ts";
import { type ChangeVerb, credentialQuestion, type Target } from "./service-credentials/questions.ts";
import { logsService } from "./service-credentials/services.ts";
import { attachPolicies, findUserByName } from "./user-queries.ts";

/** API keys for sending logs, as the console manages them. Throws `api_key_not_found`. */
export interface ApiKeys {
  list(query: ApiKeyListQuery): Promise<Page<ApiKey>>;
  /** Throws `user_not_found`, `limit_exceeded`. */
  create(input: ApiKeyInput, caller: Principal, facts?: Facts): Promise<CreatedApiKey>;
  update(
    id: string,
    input: { status: "Active" | "Inactive" },
    caller: Principal,
    facts?: Facts,
  ): Promise<ApiKey>;
  /** Throws `api_key_expired`. */
  reset(id: string, caller: Principal, facts?: Facts): Promise<CreatedApiKey>;
  delete(id: string, caller: Principal, facts?: Facts): Promise<void>;
  /** What has to be allowed for each; a change asks it once more when it is made. */
  readonly access: {
    list(query: ApiKeyListQuery): Promise<AccessQuestion[]>;
    create(input: ApiKeyInput): Promise<AccessQuestion[]>;
    update(id: string, caller: Principal, facts?: Facts): Promise<AccessQuestion[]>;
    reset(id: string, caller: Principal, facts?: Facts): Promise<AccessQuestion[]>;
    delete(id: string, caller: Principal, facts?: Facts): Promise<AccessQuestion[]>;
  };
}

const codes: AppErrorCodes = { NoSuchEntity: "api_key_not_found" };

type ApiKeysDeps = Pick<
  IamDeps,
  | "kysely"
  | "counters"
  | "directory"
  | "credentials"
  | "lastUsed"
  | "clock"
  | "random"
  | "log"
  | "accountId"
  | "gate"
>;

export function createApiKeys(deps: ApiKeysDeps): ApiKeys {
  const { kysely, counters, directory, credentials, lastUsed, clock, log, accountId, gate } = deps;

  const describe = async (shown: readonly ServiceCredential[]): Promise<ApiKey[]> => {
    await lastUsed.flush();
    const use = await readCredentialUse(
      kysely,
      shown.map(({ id }) => id),
    );
    return shown.map((credential) => describeKey(credential, use.get(credential.id)));
  };
  const requireKey = async (id: string): Promise<DirectoryCredential> => {
    const credential = (await directory.current()).credential(id);
    if (credential?.serviceName !== logsService.name) throw new AppError("api_key_not_found");
    return credential;
  };
  const describeOne = async (credential: ServiceCredential): Promise<ApiKey> => {
    const [described] = await describe([credential]);
    if (!described) throw new AppError("api_key_not_found");
    return described;
  };

  const onKey =
    (verb: ChangeVerb) =>
    (id: string, principal: Principal, facts: Facts = {}) =>
      credentials.access(verb, targetOf(id), { principal, facts });

  return {
    access: {
      list: async ({ user }) => [
        {
          action: "iam:ListServiceSpecificCredentials",
          resource: (await directory.current()).arnOfName(user ?? "*"),
        },
      ],
      create: async (input) => creationQuestions(await directory.current(), input),
      update: onKey("Update"),
      reset: onKey("Reset"),
      delete: onKey("Delete"),
    },
    list: async ({ user, offset, limit }) => {
      const held = await directory.current();
      const all = keysOf(held, user);
      const shown = all
        .slice(offset, offset + limit)
        .map((row) => describeCredential({ ...row, userName: row.user.name }, clock.now()));
      return pageOf(await describe(shown), { offset, limit }, all.length);
    },
    create: async (input, caller, facts = {}) => {
      const { userName, createUser, ageDays } = input;
      const created = await asAppErrors({ NoSuchEntity: "user_not_found" }, () =>
        counters.change("identity", async (transaction) => {
          const now = await gate({ principal: caller, facts }, transaction);
          now.require(creationQuestions(now.directory, input));
          if (createUser && !(await findUserByName(transaction, userName))) {
            const { id } = await addUser(transaction, deps, { name: userName, passwordHash: null });
            const policies = [managedPolicies.CloudWatchLogsAPIKeyAccess.arn];
            await attachPolicies(transaction, id, await findAttachments(transaction, policies, accountId));
          }
          const serviceName = logsService.name;
          return credentials.createIn(transaction, { userName, serviceName, ageDays: ageDays ?? undefined });
        }),
      );
      log.info("Created an API key.", { credentialId: created.id, user: userName, by: caller.arn });
      return { ...describeKey(created, undefined), secret: created.secret };
    },
    update: async (id, { status }, principal, facts = {}) => {
      await requireKey(id);
      const changed = await asAppErrors(codes, () =>
        credentials.setStatus(targetOf(id), status, { principal, facts }),
      );
      return describeOne(changed);
    },
    reset: async (id, principal, facts = {}) => {
      await requireKey(id);
      const reset = await asAppErrors({ ...codes, InvalidInput: "api_key_expired" }, () =>
        credentials.reset(targetOf(id), { principal, facts }),
      );
      return { ...(await describeOne(reset)), secret: reset.secret };
    },
    delete: async (id, principal, facts = {}) => {
      await requireKey(id);
      await asAppErrors(codes, () => credentials.delete(targetOf(id), { principal, facts }));
    },
  };
}

/** Of one user or of all, by user and then by age. */
function keysOf(held: Directory, userName: string | undefined): DirectoryCredential[] {
  const users = userName === undefined ? held.users : [held.userByName(userName)];
  return users.flatMap(
    (user) => user?.credentials.filter(({ serviceName }) => serviceName === logsService.name) ?? [],
  );
}

/** What making a key asks: for a user who is to be made with it, that too. */
function creationQuestions(
  held: Directory,
  { userName, createUser, ageDays }: ApiKeyInput,
): AccessQuestion[] {
  const resource = held.arnOfName(userName);
  const key = credentialQuestion("Create", resource, logsService.name, ageDays ?? undefined);
  if (!createUser || held.userByName(userName)) return [key];
  const context = { "iam:PolicyARN": managedPolicies.CloudWatchLogsAPIKeyAccess.arn };
  return [key, { action: "iam:CreateUser", resource }, { action: "iam:AttachUserPolicy", resource, context }];
}

/** Of a key that is not there nothing is known: whoever may change those of all users is told so. */
function targetOf(id: string): Target {
  return { id, owner: undefined, unownedArn: "*" };
}

function describeKey(credential: ServiceCredential, lastUsedAt: Date | undefined): ApiKey {
  return {
    id: credential.id,
    userName: credential.userName,
    alias: credential.alias,
    status: credential.status,
    createdAt: credential.createdAt.toISOString(),
    expiresAt: credential.expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}
