import type { Kysely } from "kysely";
import type { Clock, Log, Random } from "../../base/index.ts";
import type { AwsOperation } from "../../contract/index.ts";
import type { ChangeCounters, Tables } from "../../db/index.ts";
import type { SecretStore } from "../access-keys.ts";
import type { Authorizer } from "../authorizer.ts";
import type { DirectoryHolder } from "../directory/directory.ts";
import type { LastUsed } from "../last-used.ts";
import type { Passwords } from "../passwords.ts";
import type { ServiceCredentials } from "../service-credentials/credentials.ts";

/** What the operations of IAM work with. */
export interface IamDeps {
  readonly kysely: Kysely<Tables>;
  readonly counters: ChangeCounters;
  readonly directory: DirectoryHolder;
  readonly vault: SecretStore;
  readonly passwords: Passwords;
  readonly credentials: ServiceCredentials;
  readonly lastUsed: LastUsed;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly accountId: string;
  readonly gate: Authorizer["gate"];
}

/** Operations by their AWS names, with the types of input and output forgotten. */
export type Operations = Readonly<Record<string, AwsOperation<never, object>>>;

/** Keeps the types of one operation while it is written. */
export function operation<Input, Output extends object>(
  record: AwsOperation<Input, Output>,
): AwsOperation<never, object> {
  return record;
}
