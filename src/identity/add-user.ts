import type { Transaction } from "kysely";
import type { Clock, Random } from "../base/index.ts";
import type { Tables } from "../db/index.ts";
import { iamErrors } from "./iam/errors.ts";
import { quotas } from "./iam/quotas.ts";
import { newIamId } from "./iam-ids.ts";
import { countUsers, findUserByName, insertUser, type UserRecord } from "./user-queries.ts";

export interface NewUser {
  readonly name: string;
  readonly path?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Null for a user who cannot sign in to the console. */
  readonly passwordHash: string | null;
}

/** Makes a user without policies, in a transaction that is counted as a change of identity. Throws LimitExceeded, EntityAlreadyExists. */
export async function addUser(
  transaction: Transaction<Tables>,
  { clock, random }: { clock: Clock; random: Random },
  user: NewUser,
): Promise<UserRecord> {
  if ((await countUsers(transaction)) >= quotas.users)
    throw iamErrors.quotaExceeded("UsersPerAccount", quotas.users);
  const inserted = await insertUser(transaction, {
    id: random.uuid(),
    iamId: newIamId("AIDA", random),
    createdAt: new Date(clock.now()),
    ...user,
  });
  const added = inserted && (await findUserByName(transaction, user.name));
  if (!added) throw iamErrors.userExists(user.name);
  return added;
}
