import { type Kysely, sql } from "kysely";
import { alphanumerics, type Clock, type Random, Secret } from "../base/index.ts";
import { lockKeys, type Tables } from "../db/index.ts";
import { insertRootAccessKey, newAccessKey, type SecretStore, secretRefOf } from "./access-keys.ts";
import { digestOf } from "./digest.ts";
import type { Passwords } from "./passwords.ts";
import { insertToken } from "./token-queries.ts";
import { newToken } from "./tokens.ts";
import { countUsers, insertUser, replacePolicies } from "./user-queries.ts";

const adminUser = "admin";

/** In clear, because it is written to a file of mode 0600 once and then forgotten. */
export interface FirstRun {
  readonly adminUser: string;
  readonly adminPassword: string;
  readonly restToken: string;
  readonly rootAccessKeyId: string;
  readonly rootSecretAccessKey: string;
}

export interface BootstrapInput {
  readonly adminPassword?: Secret | undefined;
  readonly rootAccessKeyId?: string | undefined;
  readonly rootSecretAccessKey?: Secret | undefined;
  /**
   * Called with the new secrets just before they are committed, to keep them: a crash in between must not leave a
   * server whose password nobody knows.
   */
  readonly keep?: (firstRun: FirstRun) => Promise<void>;
}

/**
 * Makes administrator, REST token and root access key when there is no user yet; undefined when there is. Of several
 * processes that start on one new database, one does it.
 */
export async function bootstrap(
  deps: {
    kysely: Kysely<Tables>;
    vault: SecretStore;
    passwords: Passwords;
    clock: Clock;
    random: Random;
  },
  input: BootstrapInput,
): Promise<FirstRun | undefined> {
  const { kysely, vault, passwords, clock, random } = deps;
  if ((await countUsers(kysely)) > 0) return undefined;

  const generated = newAccessKey(random);
  const token = newToken({ name: "first run", expiresInDays: null, clock, random });
  const firstRun: FirstRun = {
    adminUser,
    adminPassword: input.adminPassword?.reveal() ?? random.text(24, alphanumerics),
    restToken: token.value,
    rootAccessKeyId: input.rootAccessKeyId ?? generated.accessKeyId,
    rootSecretAccessKey: input.rootSecretAccessKey?.reveal() ?? generated.secretAccessKey,
  };
  const passwordHash = await passwords.hash(firstRun.adminPassword);
  const userId = random.uuid();
  const accessKeyRecordId = random.uuid();

  return kysely.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${lockKeys.firstUser}::bigint)`.execute(transaction);
    if ((await countUsers(transaction)) > 0) return undefined;
    await insertUser(transaction, {
      id: userId,
      name: adminUser,
      passwordHash,
      createdAt: new Date(clock.now()),
    });
    await replacePolicies(transaction, userId, ["AdministratorAccess"]);
    await insertToken(transaction, { ...token.record, userId, secretHash: digestOf(token.value) });
    await insertRootAccessKey(transaction, {
      id: accessKeyRecordId,
      accessKeyId: firstRun.rootAccessKeyId,
      clock,
    });
    const secret = new Secret(firstRun.rootSecretAccessKey);
    await vault.seal(secretRefOf(accessKeyRecordId), secret, transaction);
    await input.keep?.(firstRun);
    return firstRun;
  });
}
