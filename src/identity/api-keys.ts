import type { Kysely } from "kysely";
import { AppError, type Clock, type Log, type Random } from "../base/index.ts";
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
import type { ChangeCounters, Tables } from "../db/index.ts";
import { addUser } from "./add-user.ts";
import { type AppErrorCodes, asAppErrors } from "./as-app-error.ts";
import { findAttachments } from "./attached-policies.ts";
import type { Directory, DirectoryCredential } from "./directory/build-directory.ts";
import type { DirectoryHolder } from "./directory/directory.ts";
import type { LastUsed } from "./last-used.ts";
import { managedPolicies } from "./policy/managed-policies.ts";
import { arnOfUser } from "./principals.ts";
import { readCredentialUse } from "./service-credentials/credential-queries.ts";
import {
  describeCredential,
  type ServiceCredential,
  type ServiceCredentials,
} from "./service-credentials/credentials.ts";
import { credentialQuestion } from "./service-credentials/questions.ts";
import { logsService } from "./service-credentials/services.ts";
import { attachPolicies, findUserByName } from "./user-queries.ts";

/** API keys for sending logs, as the console manages them. Throws `api_key_not_found`. */
export interface ApiKeys {
  list(query: ApiKeyListQuery): Promise<Page<ApiKey>>;
  /** Throws `user_not_found`, `limit_exceeded`. */
  create(input: ApiKeyInput, caller: Principal): Promise<CreatedApiKey>;
  update(id: string, input: { status: "Active" | "Inactive" }, caller: Principal): Promise<ApiKey>;
  /** Throws `api_key_expired`. */
  reset(id: string, caller: Principal): Promise<CreatedApiKey>;
  delete(id: string, caller: Principal): Promise<void>;
  /** What has to be allowed for each. */
  readonly access: {
    list(query: ApiKeyListQuery): Promise<AccessQuestion[]>;
    create(input: ApiKeyInput): Promise<AccessQuestion[]>;
    update(id: string): Promise<AccessQuestion[]>;
    reset(id: string): Promise<AccessQuestion[]>;
    delete(id: string): Promise<AccessQuestion[]>;
  };
}

const codes: AppErrorCodes = { NoSuchEntity: "api_key_not_found" };

interface ApiKeysDeps {
  readonly kysely: Kysely<Tables>;
  readonly counters: ChangeCounters;
  readonly directory: DirectoryHolder;
  readonly credentials: ServiceCredentials;
  readonly lastUsed: LastUsed;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly accountId: string;
}

export function createApiKeys(deps: ApiKeysDeps): ApiKeys {
  const { kysely, counters, directory, credentials, lastUsed, clock, log, accountId } = deps;

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

  return {
    access: createKeyQuestions(deps),
    list: async ({ user, offset, limit }) => {
      const held = await directory.current();
      const all = keysOf(held, user);
      const shown = all
        .slice(offset, offset + limit)
        .map((row) => describeCredential({ ...row, userName: row.user.name }, clock.now()));
      return pageOf(await describe(shown), { offset, limit }, all.length);
    },
    create: async ({ userName, createUser, ageDays }, caller) => {
      const created = await asAppErrors({ NoSuchEntity: "user_not_found" }, () =>
        counters.change("identity", async (transaction) => {
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
    update: async (id, { status }, caller) => {
      await requireKey(id);
      const changed = await asAppErrors(codes, () =>
        credentials.setStatus({ id, owner: undefined }, status, caller),
      );
      return describeOne(changed);
    },
    reset: async (id, caller) => {
      await requireKey(id);
      const reset = await asAppErrors({ ...codes, InvalidInput: "api_key_expired" }, () =>
        credentials.reset({ id, owner: undefined }, caller),
      );
      return { ...(await describeOne(reset)), secret: reset.secret };
    },
    delete: async (id, caller) => {
      await requireKey(id);
      await asAppErrors(codes, () => credentials.delete({ id, owner: undefined }, caller));
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

function createKeyQuestions({ directory, accountId }: ApiKeysDeps): ApiKeys["access"] {
  const arnOf = async (name: string) =>
    (await directory.current()).userByName(name)?.arn ?? arnOfUser(accountId, { path: "/", name });
  /** Of a key that is not there nothing is known; whoever may act on all users is told so. */
  const onKey = (verb: "Update" | "Reset" | "Delete") => async (id: string) => {
    const credential = (await directory.current()).credential(id);
    return [credentialQuestion(verb, credential?.user.arn ?? "*", credential?.serviceName)];
  };
  return {
    list: async ({ user }) => [
      { action: "iam:ListServiceSpecificCredentials", resource: await arnOf(user ?? "*") },
    ],
    create: async ({ userName, createUser, ageDays }) => {
      const resource = await arnOf(userName);
      const isNew = createUser && !(await directory.current()).userByName(userName);
      const context = { "iam:PolicyARN": managedPolicies.CloudWatchLogsAPIKeyAccess.arn };
      return [
        credentialQuestion("Create", resource, logsService.name, ageDays ?? undefined),
        ...(isNew
          ? [
              { action: "iam:CreateUser", resource },
              { action: "iam:AttachUserPolicy", resource, context },
            ]
          : []),
      ];
    },
    update: onKey("Update"),
    reset: onKey("Reset"),
    delete: onKey("Delete"),
  };
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
