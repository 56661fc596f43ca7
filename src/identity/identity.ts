import type { Kysely } from "kysely";
import type { Clock, Log, Random } from "../base/index.ts";
import type { AwsApi, Policy } from "../contract/index.ts";
import type { ChangeCounters, Tables } from "../db/index.ts";
import { deleteAccessKeysOfUser, type SecretStore } from "./access-keys.ts";
import { type ApiKeys, createApiKeys } from "./api-keys.ts";
import { listPolicies } from "./attached-policies.ts";
import { type Authorizer, createAuthorizer } from "./authorizer.ts";
import { type Bearer, createBearer } from "./bearer.ts";
import { type BootstrapInput, bootstrap, type FirstRun } from "./bootstrap.ts";
import { createDirectory, type DirectoryHolder } from "./directory/directory.ts";
import { createIamApi } from "./iam/api.ts";
import type { IamDeps } from "./iam/deps.ts";
import { createLastUsed } from "./last-used.ts";
import { createPasswords } from "./passwords.ts";
import { createServiceCredentials } from "./service-credentials/credentials.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import { createSettings, type Settings } from "./settings.ts";
import { createSignInBackoff } from "./sign-in-backoff.ts";
import { createSignatures, type Signatures } from "./signatures.ts";
import { createStsApi } from "./sts/api.ts";
import { createTemporaryCredentials } from "./sts/temporary-credentials.ts";
import { createTokens, type Tokens } from "./tokens.ts";
import { createUsers, type Users } from "./users.ts";

export interface Identity extends Omit<Authorizer, "gate"> {
  /** All who may call, as this process knows them. */
  readonly directory: DirectoryHolder;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly users: Users;
  /** API keys for sending logs. */
  readonly keys: ApiKeys;
  readonly bearer: Bearer;
  readonly signatures: Signatures;
  readonly settings: Settings;
  readonly policies: { list(): Promise<{ items: Policy[] }> };
  readonly apis: { readonly iam: AwsApi; readonly sts: AwsApi };
  bootstrap(input: BootstrapInput): Promise<FirstRun | undefined>;
  /** Writes when keys and tokens were used last; for every few seconds, and before the database is closed. */
  flush(): Promise<void>;
}

export interface IdentityDeps {
  readonly db: { readonly kysely: Kysely<Tables> };
  /** The one of this process. */
  readonly counters: ChangeCounters;
  readonly vault: SecretStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly accountId: string;
  readonly region: string;
}

export function createIdentity(deps: IdentityDeps): Identity {
  const { counters, vault, clock, random, log, accountId, region } = deps;
  const { kysely } = deps.db;
  const passwords = createPasswords({ random });
  const directory = createDirectory({ kysely, counters, log, accountId });
  const lastUsed = createLastUsed({ kysely, clock, log });
  const authorizer = createAuthorizer({ directory, clock, region });
  const { gate } = authorizer;
  const credentials = createServiceCredentials({ counters, clock, random, log, accountId, gate });
  const bearer = createBearer({ directory, lastUsed, clock, accountId });
  const temporary = createTemporaryCredentials({ vault, clock, random });
  const parts: IamDeps = {
    kysely,
    counters,
    directory,
    vault,
    passwords,
    credentials,
    lastUsed,
    clock,
    random,
    log,
    accountId,
    gate,
  };
  return {
    authorize: authorizer.authorize,
    describeCaller: authorizer.describeCaller,
    directory,
    sessions: createSessions({
      ...parts,
      describeCaller: authorizer.describeCaller,
      backoff: createSignInBackoff({ clock }),
    }),
    tokens: createTokens({ ...parts, bearer }),
    users: createUsers({
      ...parts,
      forgetAccessKeys: (transaction, userRecordId) =>
        deleteAccessKeysOfUser(transaction, vault, userRecordId),
    }),
    keys: createApiKeys(parts),
    bearer,
    signatures: createSignatures({ ...parts, temporary }),
    settings: createSettings({ kysely, clock, log }),
    policies: { list: async () => ({ items: await listPolicies(kysely, accountId) }) },
    apis: { iam: createIamApi(parts), sts: createStsApi({ temporary, log }) },
    bootstrap: (input) => bootstrap(parts, input),
    flush: lastUsed.flush,
  };
}
