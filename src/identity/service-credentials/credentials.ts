import type { Transaction } from "kysely";
import type { Clock, Log, Random } from "../../base/index.ts";
import type { Principal } from "../../contract/index.ts";
import type { ChangeCounters, Tables } from "../../db/index.ts";
import { digestOf } from "../digest.ts";
import { iamErrors } from "../iam/errors.ts";
import { newIamId } from "../iam-ids.ts";
import { findUserByName } from "../user-queries.ts";
import {
  type CredentialRow,
  countCredentials,
  deleteCredential,
  findTakenAliases,
  insertCredential,
  lockCredential,
  updateCredentialSecret,
  updateCredentialStatus,
} from "./credential-queries.ts";
import { type CredentialService, findCredentialService, restService } from "./services.ts";

export const ageDaysMax = 36_600;
const dayMs = 86_400_000;

/** A service-specific credential as clients see it. */
export interface ServiceCredential {
  readonly id: string;
  readonly userName: string;
  readonly serviceName: string;
  /** What people call it; for log keys it is also in the secret. */
  readonly alias: string;
  readonly status: CredentialStatus;
  readonly createdAt: Date;
  readonly expiresAt: Date | undefined;
}

export type CredentialStatus = "Active" | "Inactive" | "Expired";

export interface ServiceCredentialWithSecret extends ServiceCredential {
  readonly secret: string;
  readonly hint: string;
}

export interface CredentialInput {
  readonly userName: string;
  readonly serviceName: string;
  /** Undefined: it never expires. */
  readonly ageDays: number | undefined;
  /** What to call a REST token; without it the name is made as that of a log key. */
  readonly label?: string;
}

/**
 * Makes and changes service-specific credentials. Every error is one of IAM's, as a ProtocolError. `owner` is the user that
 * the caller says the credential belongs to; undefined when it was left out.
 */
export interface ServiceCredentials {
  create(input: CredentialInput, caller: Caller): Promise<ServiceCredentialWithSecret>;
  /** In a transaction of the caller, which must be counted as a change of identity. */
  createIn(transaction: Transaction<Tables>, input: CredentialInput): Promise<ServiceCredentialWithSecret>;
  setStatus(target: Target, status: "Active" | "Inactive", caller: Caller): Promise<ServiceCredential>;
  /** A new secret; all else stays as it is. */
  reset(target: Target, caller: Caller): Promise<ServiceCredentialWithSecret>;
  delete(target: Target, caller: Caller): Promise<ServiceCredential>;
}

export interface Target {
  readonly id: string;
  readonly owner: string | undefined;
}

type Caller = Pick<Principal, "arn">;

export function createServiceCredentials(deps: {
  counters: ChangeCounters;
  clock: Clock;
  random: Random;
  log: Log;
  accountId: string;
}): ServiceCredentials {
  const { counters, clock, random, log, accountId } = deps;

  const change = async <T>(
    target: Target,
    apply: (transaction: Transaction<Tables>, row: CredentialRow) => Promise<T>,
  ): Promise<T> =>
    counters.change("identity", async (transaction) =>
      apply(transaction, await requireCredential(transaction, target)),
    );
  const createIn: ServiceCredentials["createIn"] = async (transaction, input) => {
    const { user, service } = await checkInput(transaction, input);
    const createdAt = new Date(clock.now());
    const alias =
      input.label === undefined ? await chooseAlias(transaction, service, user.name, accountId) : null;
    const row: CredentialRow = {
      recordId: random.uuid(),
      id: newIamId("ACCA", random),
      userName: user.name,
      serviceName: service.name,
      name: input.label ?? alias ?? "",
      alias,
      status: "Active",
      createdAt,
      expiresAt: input.ageDays === undefined ? null : new Date(createdAt.getTime() + input.ageDays * dayMs),
    };
    const made = makeSecret(service, row, random);
    await insertCredential(transaction, { ...row, userRecordId: user.id, ...made.stored });
    return { ...describeCredential(row, clock.now()), secret: made.secret, hint: made.stored.hint };
  };
  const say = (message: string, { id, userName, serviceName }: ServiceCredential, caller: Caller) =>
    log.info(message, { credentialId: id, user: userName, service: serviceName, by: caller.arn });

  return {
    createIn,
    create: async (input, caller) => {
      const created = await counters.change("identity", (transaction) => createIn(transaction, input));
      say("Created a service-specific credential.", created, caller);
      return created;
    },
    setStatus: async (target, status, caller) => {
      const changed = await change(target, async (transaction, row) => {
        await updateCredentialStatus(transaction, row.recordId, status);
        return describeCredential({ ...row, status }, clock.now());
      });
      say(`Set a service-specific credential to ${status}.`, changed, caller);
      return changed;
    },
    reset: async (target, caller) => {
      const reset = await change(target, async (transaction, row) => {
        const described = describeCredential(row, clock.now());
        if (described.status === "Expired") {
          throw iamErrors.invalidInput(`Cannot reset the expired credential ${row.id}`);
        }
        const made = makeSecret(serviceOf(row), row, random);
        await updateCredentialSecret(transaction, row.recordId, made.stored);
        return { ...described, secret: made.secret, hint: made.stored.hint };
      });
      say("Reset a service-specific credential.", reset, caller);
      return reset;
    },
    delete: async (target, caller) => {
      const deleted = await change(target, async (transaction, row) => {
        await deleteCredential(transaction, row.recordId);
        return describeCredential(row, clock.now());
      });
      say("Deleted a service-specific credential.", deleted, caller);
      return deleted;
    },
  };
}

export function describeCredential(
  row: {
    readonly id: string;
    readonly serviceName: string;
    readonly name: string;
    readonly status: "Active" | "Inactive";
    readonly createdAt: Date;
    readonly expiresAt?: Date | null | undefined;
    readonly userName: string;
  },
  nowMs: number,
): ServiceCredential {
  const { id, serviceName, name, status, createdAt, userName } = row;
  const expiresAt = row.expiresAt ?? undefined;
  const isExpired = expiresAt !== undefined && expiresAt.getTime() <= nowMs;
  return {
    id,
    userName,
    serviceName,
    alias: name,
    status: isExpired ? "Expired" : status,
    createdAt,
    expiresAt,
  };
}

/** In the order in which AWS finds fault: service, user, age, number. */
async function checkInput(transaction: Transaction<Tables>, input: CredentialInput) {
  const service = requireService(input.serviceName);
  const user = await findUserByName(transaction, input.userName);
  if (!user) throw iamErrors.noSuchUser(input.userName);
  checkAge(input.ageDays);
  if ((await countCredentials(transaction, user.id, service.name)) >= service.perUserMax) {
    throw iamErrors.quotaExceeded("ContextSpecificCredentialsPerUserPerContext", service.perUserMax);
  }
  return { user, service };
}

/** The service that a caller names. Throws ValidationError and NoSuchEntity. */
export function requireService(name: string): CredentialService {
  if (!/^[a-zA-Z0-9.-]*$/.test(name)) {
    throw iamErrors.validation("ServiceName must match [a-zA-Z0-9.-]*");
  }
  const service = findCredentialService(name);
  if (!service) throw iamErrors.noSuchService(name);
  return service;
}

function checkAge(days: number | undefined): void {
  if (days === undefined) return;
  const bound =
    days < 1 ? "greater than or equal to 1" : days > ageDaysMax ? `less than or equal to ${ageDaysMax}` : "";
  if (bound === "") return;
  throw iamErrors.validation(
    `1 validation error detected: Value '${days}' at 'credentialAgeDays' failed to satisfy constraint: Member must have value ${bound}`,
  );
}

async function requireCredential(
  transaction: Transaction<Tables>,
  { id, owner }: Target,
): Promise<CredentialRow> {
  const row = await lockCredential(transaction, id);
  if (!row) throw iamErrors.noSuchCredential(id);
  if (owner !== undefined && owner.toLowerCase() !== row.userName.toLowerCase()) {
    throw iamErrors.validation(`User ${owner} does not have a service specific credential with id ${id}`);
  }
  return row;
}

/** `<user>-at-<account>`, `<user>+1-at-<account>` and so on: the first that nobody has. */
async function chooseAlias(
  transaction: Transaction<Tables>,
  service: CredentialService,
  userName: string,
  accountId: string,
): Promise<string> {
  // Of the others, a user of the same name before a rename has at most as many.
  const candidates = Array.from({ length: 4 * restService.perUserMax }, (_, n) => {
    return `${userName}${n === 0 ? "" : `+${n}`}-at-${accountId}`;
  });
  const taken = new Set(await findTakenAliases(transaction, service.name, candidates));
  const free = candidates.find((candidate) => !taken.has(candidate));
  if (!free) throw iamErrors.quotaExceeded("ContextSpecificCredentialsPerUserPerContext", service.perUserMax);
  return free;
}

function serviceOf(row: CredentialRow): CredentialService {
  const service = findCredentialService(row.serviceName);
  if (!service) throw iamErrors.noSuchService(row.serviceName);
  return service;
}

function makeSecret(service: CredentialService, row: CredentialRow, random: Random) {
  const { secret, hashed, hint } = service.newSecret(row.alias ?? row.name, random);
  return { secret, stored: { secretHash: digestOf(hashed), hint } };
}
