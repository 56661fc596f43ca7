import type { Kysely } from "kysely";
import type { Clock, Log, Random } from "../base/index.ts";
import type { OperationName, Policy, Principal, Session } from "../contract/index.ts";
import type { Tables } from "../db/index.ts";
import { type AccessKeys, createAccessKeys, type SecretStore } from "./access-keys.ts";
import { type BootstrapInput, bootstrap, type FirstRun } from "./bootstrap.ts";
import { createPasswords } from "./passwords.ts";
import { authorize } from "./policy/authorize.ts";
import { managedPolicies } from "./policy/managed-policies.ts";
import { createSessions, describeCaller, type Sessions } from "./sessions.ts";
import { createSettings, type Settings } from "./settings.ts";
import { createSignInBackoff } from "./sign-in-backoff.ts";
import { createTokens, type Tokens } from "./tokens.ts";
import { createUsers, type Users } from "./users.ts";

export interface Identity {
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly users: Users;
  readonly accessKeys: AccessKeys;
  readonly settings: Settings;
  readonly policies: { list(): { items: Policy[] } };
  bootstrap(input: BootstrapInput): Promise<FirstRun | undefined>;
  /** Throws `access_denied`. */
  authorize(principal: Principal, operation: OperationName): void;
  /** "Who am I", for sessions and tokens alike. */
  describeCaller(principal: Principal, session?: { csrfToken: string; expiresAt: Date }): Session;
}

export interface IdentityDeps {
  readonly db: { readonly kysely: Kysely<Tables> };
  readonly vault: SecretStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly accountId: string;
}

export function createIdentity(deps: IdentityDeps): Identity {
  const { vault, clock, random, log, accountId } = deps;
  const { kysely } = deps.db;
  const passwords = createPasswords({ random });
  const backoff = createSignInBackoff({ clock });
  return {
    sessions: createSessions({ kysely, passwords, backoff, clock, random, log, accountId }),
    tokens: createTokens({ kysely, clock, random, log, accountId }),
    users: createUsers({ kysely, passwords, clock, random, log, accountId }),
    accessKeys: createAccessKeys({ kysely, vault, accountId }),
    settings: createSettings({ kysely, clock, log }),
    policies: { list: () => ({ items: Object.values(managedPolicies) }) },
    bootstrap: (input) => bootstrap({ kysely, vault, passwords, clock, random }, input),
    authorize,
    describeCaller,
  };
}
