import { type Kysely, sql, type Transaction } from "kysely";
import { alphanumerics, type Clock, type Random, Secret } from "../base/index.ts";
import { type ChangeCounters, lockKeys, type Tables } from "../db/index.ts";
import { insertAccessKey, newAccessKey, type SecretStore, secretRefOf } from "./access-keys.ts";
import { addUser } from "./add-user.ts";
import { findAttachments } from "./attached-policies.ts";
import type { Passwords } from "./passwords.ts";
import type { ServiceCredentials } from "./service-credentials/credentials.ts";
import { restService } from "./service-credentials/services.ts";
import { attachPolicies, countUsers } from "./user-queries.ts";

const adminUser = "admin";

/** In clear, because what was made of it is written to a file of mode 0600 once and then forgotten. */
export interface FirstRun {
  readonly adminUser: string;
  readonly adminPassword: string;
  readonly restToken: string;
  readonly rootAccessKeyId: string;
  readonly rootSecretAccessKey: string;
}

/** Without the secrets that the operator has set, and so has: a second copy would be one more to lose. */
export type KeptFirstRun = Omit<FirstRun, "adminPassword" | "rootSecretAccessKey"> &
  Partial<Pick<FirstRun, "adminPassword" | "rootSecretAccessKey">>;

export interface BootstrapInput {
  readonly adminPassword?: Secret | undefined;
  readonly rootAccessKeyId?: string | undefined;
  readonly rootSecretAccessKey?: Secret | undefined;
  /**
   * Called with the new secrets just before they are committed, to keep them: a crash in between must not leave a
   * server whose password nobody knows.
   */
  readonly keep?: (firstRun: KeptFirstRun) => Promise<void>;
}

/**
 * Makes administrator, REST token and root access key when there is no user yet; undefined when there is. Of several
 * processes that start on one new database, one does it.
 */
export async function bootstrap(deps: BootstrapDeps, input: BootstrapInput): Promise<FirstRun | undefined> {
  const { kysely, counters, passwords, random } = deps;
  if ((await countUsers(kysely)) > 0) return undefined;
  const adminPassword = input.adminPassword?.reveal() ?? random.text(24, alphanumerics);
  const passwordHash = await passwords.hash(adminPassword);
  return counters.change("identity", async (transaction) => {
    await sql`select pg_advisory_xact_lock(${lockKeys.firstUser}::bigint)`.execute(transaction);
    if ((await countUsers(transaction)) > 0) return undefined;
    const restToken = await insertAdministrator(deps, transaction, passwordHash);
    const rootKey = await insertRootKey(deps, transaction, input);
    const firstRun: FirstRun = { adminUser, adminPassword, restToken, ...rootKey };
    await input.keep?.(withoutGiven(firstRun, input));
    return firstRun;
  });
}

function withoutGiven(firstRun: FirstRun, given: BootstrapInput): KeptFirstRun {
  const { adminPassword, rootSecretAccessKey, ...others } = firstRun;
  return {
    ...others,
    ...(!given.adminPassword && { adminPassword }),
    ...(!given.rootSecretAccessKey && { rootSecretAccessKey }),
  };
}

interface BootstrapDeps {
  readonly kysely: Kysely<Tables>;
  readonly counters: ChangeCounters;
  readonly vault: SecretStore;
  readonly passwords: Passwords;
  readonly credentials: ServiceCredentials;
  readonly clock: Clock;
  readonly random: Random;
  readonly accountId: string;
}

/** Gives the value of the administrator's REST token. */
async function insertAdministrator(
  deps: BootstrapDeps,
  transaction: Transaction<Tables>,
  passwordHash: string,
): Promise<string> {
  const { id } = await addUser(transaction, deps, { name: adminUser, passwordHash });
  const attachments = await findAttachments(transaction, ["AdministratorAccess"], deps.accountId);
  await attachPolicies(transaction, id, attachments);
  const token = await deps.credentials.createIn(transaction, {
    userName: adminUser,
    serviceName: restService.name,
    ageDays: undefined,
    label: "first run",
  });
  return token.secret;
}

async function insertRootKey(
  { vault, clock, random }: BootstrapDeps,
  transaction: Transaction<Tables>,
  input: BootstrapInput,
): Promise<{ rootAccessKeyId: string; rootSecretAccessKey: string }> {
  const generated = newAccessKey(random);
  const rootAccessKeyId = input.rootAccessKeyId ?? generated.accessKeyId;
  const rootSecretAccessKey = input.rootSecretAccessKey?.reveal() ?? generated.secretAccessKey;
  const id = random.uuid();
  await insertAccessKey(transaction, {
    id,
    accessKeyId: rootAccessKeyId,
    userRecordId: null,
    createdAt: new Date(clock.now()),
  });
  await vault.seal(secretRefOf(id), new Secret(rootSecretAccessKey), transaction);
  return { rootAccessKeyId, rootSecretAccessKey };
}
