import type { Transaction } from "kysely";
import type { Clock, Log, Random } from "../../base/index.ts";
import type { AccessQuestion } from "../../contract/index.ts";
import type { ChangeCounters, Tables } from "../../db/index.ts";
import type { Asker, Authorizer } from "../authorizer.ts";
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
import { askForChange, type ChangeVerb, credentialQuestion, type Target } from "./questions.ts";
import { type CredentialService, findCredentialService, restService } from "./services.ts";

const ageDaysMax = 36_600;
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
 * Makes and changes service-specific credentials, as far as policies allow it at the moment of the change. Every error is one
 * of IAM's, as a ProtocolError, or `access_denied`. What somebody may not change is not there for him.
 */
export interface ServiceCredentials {
  create(input: CredentialInput, asker: Asker): Promise<ServiceCredentialWithSecret>;
  /** In a transaction of the caller, which must be counted as a change of identity; policies are not asked. */
  createIn(transaction: Transaction<Tables>, input: CredentialInput): Promise<ServiceCredentialWithSecret>;
  setStatus(target: Target, status: "Active" | "Inactive", asker: Asker): Promise<ServiceCredential>;
  /** A new secret; all else stays as it is. */
  reset(target: Target, asker: Asker): Promise<ServiceCredentialWithSecret>;
  delete(target: Target, asker: Asker): Promise<ServiceCredential>;
  /** What a change asks of the policies before it is made. */
  access(verb: ChangeVerb, target: Target, asker: Asker): Promise<AccessQuestion[]>;
}

export function createServiceCredentials(deps: {
  counters: ChangeCounters;
  clock: Clock;
  random: Random;
  log: Log;
  accountId: string;
  gate: Authorizer["gate"];
}): ServiceCredentials {
  const { counters, clock, random, log, accountId, gate } = deps;

  const change = async <T>(
    verb: ChangeVerb,
    target: Target,
    asker: Asker,
    apply: (transaction: Transaction<Tables>, row: CredentialRow) => Promise<T>,
  ): Promise<T> =>
    counters.change("identity", async (transaction) => {
      const now = await gate(asker, transaction);
      const { question, credential } = askForChange(now, verb, target);
      now.require([question]);
      const row = await requireCredential(transaction, target);
      if (!credential) throw iamErrors.noSuchCredential(target.id);
      return apply(transaction, row);
    });
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
  const say = (message: string, { id, userName, serviceName }: ServiceCredential, { principal }: Asker) =>
    log.info(message, { credentialId: id, user: userName, service: serviceName, by: principal.arn });

  return {
    createIn,
    create: async (input, asker) => {
      const created = await counters.change("identity", async (transaction) => {
        const now = await gate(asker, transaction);
        const arn = now.directory.arnOfName(input.userName);
        now.require([credentialQuestion("Create", arn, input.serviceName, input.ageDays)]);
        return createIn(transaction, input);
      });
      say("Created a service-specific credential.", created, asker);
      return created;
    },
    access: async (verb, target, asker) => [askForChange(await gate(asker), verb, target).question],
    setStatus: async (target, status, asker) => {
      const changed = await change("Update", target, asker, async (transaction, row) => {
        await updateCredentialStatus(transaction, row.recordId, status);
        return describeCredential({ ...row, status }, clock.now());
      });
      say(`Set a service-specific credential to ${status}.`, changed, asker);
      return changed;
    },
    reset: async (target, asker) => {
      const reset = await change("Reset", target, asker, async (transaction, row) => {
        const described = describeCredential(row, clock.now());
        if (described.status === "Expired") {
          throw iamErrors.invalidInput(`Cannot reset the expired credential ${row.id}`);
        }
        const made = makeSecret(serviceOf(row), row, random);
        await updateCredentialSecret(transaction, row.recordId, made.stored);
        return { ...described, secret: made.secret, hint: made.stored.hint };
      });
      say("Reset a service-specific credential.", reset, asker);
      return reset;
    },
    delete: async (target, asker) => {
      const deleted = await change("Delete", target, asker, async (transaction, row) => {
        await deleteCredential(transaction, row.recordId);
        return describeCredential(row, clock.now());
      });
      say("Deleted a service-specific credential.", deleted, asker);
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
