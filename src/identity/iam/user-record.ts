import type { Transaction } from "kysely";
import type { Tables } from "../../db/index.ts";
import { findUserByName, type UserRecord } from "../user-queries.ts";
import { checkUserName } from "./checks.ts";
import { iamErrors } from "./errors.ts";

/** Of a user whom a change is about. Throws ValidationError and NoSuchEntity. */
export async function requireUserRecord(transaction: Transaction<Tables>, name: string): Promise<UserRecord> {
  checkUserName("userName", name);
  const user = await findUserByName(transaction, name);
  if (!user) throw iamErrors.noSuchUser(name);
  return user;
}
