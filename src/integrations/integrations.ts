import type { Kysely } from "kysely";
import type { z } from "zod";
import { AppError, type Clock, type Log, type Random } from "../base/index.ts";
import type {
  CloudIntegration,
  CloudIntegrationInput,
  facetSearchRequest,
  facetsSearchRequest,
  Page,
  Principal,
  SearchRequest,
} from "../contract/index.ts";
import type { Tables } from "../db/index.ts";
import { type ClassifyFailure, type Credentials, tryConnection } from "./connection.ts";
import {
  date,
  deleteIntegration,
  findIntegration,
  findIntegrations,
  findUsers,
  insertIntegration,
  replaceIntegration,
  toSettingsRow,
} from "./integration-queries.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import {
  partitionOfArn,
  type ReadSettings,
  readSettings,
  regionProblems,
  validationFailed,
} from "./read-input.ts";
import type { IntegrationRecord, IntegrationSettings } from "./records.ts";
import { createRuns, type Runs } from "./runs.ts";
import { facetValues, meets, sortBy } from "./search.ts";
import { createSummaries, type Summaries } from "./summaries.ts";
import { toWire } from "./wire.ts";

export interface IntegrationUser {
  readonly kind: "integration";
  readonly id: string;
  readonly name: string;
}

export interface IntegrationsDeps {
  readonly db: { readonly kysely: Kysely<Tables> };
  readonly credentials: Credentials & {
    registerUsers(find: (credentialId: string) => Promise<IntegrationUser[]>): void;
  };
  readonly externalIds: {
    exists(externalId: string, executor?: Kysely<Tables>): Promise<boolean>;
    /** It is in use from now on and does not expire. */
    markUsed(externalId: string, options?: { executor?: Kysely<Tables> }): Promise<void>;
    registerUsage(find: (externalId: string) => Promise<IntegrationUser[]>): void;
  };
  readonly classify: ClassifyFailure;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

type SearchPage<T> = Page<T> & { sort?: { field: string; ascending: boolean; default: boolean } };
type Caller = Pick<Principal, "name">;

/** The cloud-integration resource as its clients know it. Every answer is the complete object. */
export interface Integrations {
  list(page: { offset: number; limit: number }): Promise<Page<CloudIntegration>>;
  /** Throws `integration_not_found`, for what is in the trash too. */
  get(id: string): Promise<CloudIntegration>;
  /** Throws `validation_failed`, `pattern_invalid`, `credentials_rejected`; nothing is stored then. */
  create(input: CloudIntegrationInput, caller: Caller): Promise<CloudIntegration>;
  /** As `create`, and `version_conflict` when somebody else changed the integration since the caller read it. */
  update(id: string, input: CloudIntegrationInput, caller: Caller): Promise<CloudIntegration>;
  /** Into the trash; from there, or with `skipTrash`, for good. Collected data stays. */
  remove(id: string, options: { skipTrash: boolean }, caller: Caller): Promise<CloudIntegration>;
  enable(id: string, caller: Caller): Promise<CloudIntegration>;
  disable(id: string, caller: Caller): Promise<CloudIntegration>;
  undelete(id: string, caller: Caller): Promise<CloudIntegration>;
  search(request: SearchRequest, options: { deleted: boolean }): Promise<SearchPage<CloudIntegration>>;
  facet(
    name: string,
    request: z.infer<typeof facetSearchRequest>,
    options: { deleted: boolean },
  ): Promise<Page<string>>;
  facets(
    request: z.infer<typeof facetsSearchRequest>,
    options: { deleted: boolean },
  ): Promise<{ facets: Record<string, string[]>; limit: number }>;
  readonly summaries: Summaries;
  readonly runs: Runs;
  /** For the collector. */
  readonly ledger: Ledger;
}

export function createIntegrations(deps: IntegrationsDeps): Integrations {
  const db = deps.db.kysely;
  deps.credentials.registerUsers((credentialId) => findUsers(db, { credentialId }));
  deps.externalIds.registerUsage((externalId) => findUsers(db, { externalId }));
  return {
    list: async ({ offset, limit }) =>
      pageOf((await findIntegrations(db, { trashed: false })).map(toWire), offset, limit),
    get: async (id) => toWire(await getLive(db, id)),
    create: (input, caller) => create(deps, input, caller),
    update: (id, input, caller) => update(deps, id, input, caller),
    remove: (id, options, caller) => remove(deps, id, options, caller),
    enable: (id, caller) => enable(deps, id, caller),
    disable: (id, caller) => disable(deps, id, caller),
    undelete: (id, caller) => undelete(deps, id, caller),
    search: async (request, options) => {
      const { offset, limit } = pagingOf(request);
      const found = sortBy(await searchAll(db, request, options), request.sort);
      const sort = request.sort && {
        field: request.sort.field,
        ascending: request.sort.ascending ?? true,
        default: request.sort.default ?? false,
      };
      return { ...pageOf(found, offset, limit), ...(sort && { sort }) };
    },
    facet: async (name, request, options) => {
      const { offset, limit } = pagingOf(request);
      const found = await searchAll(db, request, options);
      return pageOf(
        facetValues(found, name, request.facetQuery, request.facetQueryMatchingMethod),
        offset,
        limit,
      );
    },
    facets: async (request, options) => {
      const { limit } = pagingOf(request);
      const found = await searchAll(db, request, options);
      const values = request.facets.map((name) => [
        name,
        facetValues(found, name, request.facetQuery, request.facetQueryMatchingMethod).slice(0, limit),
      ]);
      return { facets: Object.fromEntries(values) as Record<string, string[]>, limit };
    },
    summaries: createSummaries({ db, credentials: deps.credentials, log: deps.log }),
    runs: createRuns({ db, clock: deps.clock, random: deps.random }),
    ledger: createLedger({ db, clock: deps.clock }),
  };
}

/** Integrations are a few hundred; comparing them in memory is what lets any property be searched and sorted by. */
async function searchAll(
  db: Kysely<Tables>,
  request: SearchRequest,
  { deleted }: { deleted: boolean },
): Promise<CloudIntegration[]> {
  const all = await findIntegrations(db, { trashed: deleted });
  return all.map(toWire).filter((integration) => meets(integration, request.query));
}

function pagingOf(request: SearchRequest): { offset: number; limit: number } {
  return { offset: request.offset ?? 0, limit: request.limit ?? 100 };
}

export function pageOf<T>(all: readonly T[], offset: number, limit: number): Page<T> {
  const items = all.slice(offset, offset + limit);
  return { items, offset, limit, totalItems: all.length, moreItems: offset + items.length < all.length };
}

async function getLive(db: Kysely<Tables>, id: string): Promise<IntegrationRecord> {
  const record = await findIntegration(db, id);
  if (!record || record.trashedAt !== null) throw notFound();
  return record;
}

function notFound(): AppError {
  return new AppError("integration_not_found", { message: "The cloud integration does not exist." });
}

async function create(
  deps: IntegrationsDeps,
  input: CloudIntegrationInput,
  caller: Caller,
): Promise<CloudIntegration> {
  const read = await withReusedExternalId(deps, readSettings(input));
  await checkExternalId(deps, read.settings, input.forceSave ?? false);
  const error = await checkConnection(deps, read, input.forceSave ?? false);
  const now = deps.clock.now();
  const record: IntegrationRecord = {
    id: deps.random.uuid(),
    ...read.settings,
    disabled: false,
    disabledByError: false,
    trashedAt: null,
    createdAt: now,
    createdBy: caller.name,
    updatedAt: now,
    updatedBy: caller.name,
    lastReceivedPointAt: null,
    lastMetricCount: null,
    lastProcessedAt: null,
    lastProcessorId: null,
    lastError: error,
    lastErrorAt: error === null ? null : now,
    lastErrorEvent: null,
    consecutiveFailures: 0,
    nextRunAt: now,
  };
  await deps.db.kysely.transaction().execute(async (transaction) => {
    await insertIntegration(transaction, record);
    await claimExternalId(deps, transaction, record.externalId);
  });
  return toWire(record);
}

/** A new integration may take over the external ID of one that is there, whose role has it already. */
async function withReusedExternalId(deps: IntegrationsDeps, read: ReadSettings): Promise<ReadSettings> {
  const { externalId, reuseExternalIdCredential } = read.settings;
  if (externalId !== "" || reuseExternalIdCredential === null) return read;
  const other = await findIntegration(deps.db.kysely, reuseExternalIdCredential);
  if (!other || other.trashedAt !== null || other.externalId === "") {
    const message = "No integration with an external ID has this id.";
    throw validationFailed([{ path: "reuseExternalIdCredential", message }]);
  }
  return { ...read, settings: { ...read.settings, externalId: other.externalId } };
}

/** IDs are ours to make: a customer who could choose one could choose another customer's. */
async function checkExternalId(
  deps: IntegrationsDeps,
  settings: IntegrationSettings,
  forced: boolean,
): Promise<void> {
  if (settings.externalId === "" || forced || (await deps.externalIds.exists(settings.externalId))) return;
  throw validationFailed([
    {
      path: "baseCredentials.externalId",
      message:
        "Unknown or expired: create one with POST /api/v2/cloudintegration/awsExternalId, or set forceSave to keep one from elsewhere.",
    },
  ]);
}

/** One that was saved by force may not be ours, and is then nobody's to keep. */
async function claimExternalId(
  deps: IntegrationsDeps,
  executor: Kysely<Tables>,
  externalId: string,
): Promise<void> {
  if (externalId === "" || !(await deps.externalIds.exists(externalId, executor))) return;
  await deps.externalIds.markUsed(externalId, { executor });
}

/**
 * Tries the credentials. Gives the error to record when they fail and the caller saves by force; throws when not, and always when
 * the operator forbids what is asked for.
 */
async function checkConnection(
  deps: IntegrationsDeps,
  { settings, type, roleArnMalformed }: ReadSettings,
  forced: boolean,
): Promise<string | null> {
  if (roleArnMalformed) return "The role's ARN is malformed.";
  const attempt = await tryConnection(deps, settings).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== "credential_not_found") throw error;
    throw validationFailed([{ path: "credentialId", message: "No credential has this id." }]);
  });
  if (attempt.ok) {
    const partition = partitionOfArn(attempt.identity.arn);
    const problems = partition === undefined ? [] : regionProblems(type, settings, partition);
    if (problems.length > 0) throw validationFailed(problems);
    return null;
  }
  const { failure } = attempt;
  if (forced) return failure.message;
  const text = [
    `The credentials could not be used (${failure.cause}): ${failure.message}`,
    ...failure.advice,
  ].join(" ");
  throw new AppError("credentials_rejected", {
    message: withoutNotFoundText(text),
    fields: [{ path: "baseCredentials", message: withoutNotFoundText(failure.message) }],
    detail: { cause: failure.cause, rawCode: failure.rawCode },
  });
}

/** Terraform drops a resource from its state when the text of an error has "404" in it, as an account number may. */
function withoutNotFoundText(text: string): string {
  return text.replace(/\d*404\d*/g, "…");
}

async function update(
  deps: IntegrationsDeps,
  id: string,
  input: CloudIntegrationInput,
  caller: Caller,
): Promise<CloudIntegration> {
  const stored = await getLive(deps.db.kysely, id);
  checkUnchanged(stored, input);
  const read = await withReusedExternalId(deps, readSettings(input, stored));
  const { settings } = read;
  const forced = input.forceSave ?? false;
  if (settings.externalId !== stored.externalId) await checkExternalId(deps, settings, forced);
  const reconnect =
    settings.roleArn !== stored.roleArn ||
    settings.externalId !== stored.externalId ||
    settings.credentialId !== stored.credentialId;
  const error = reconnect ? await checkConnection(deps, read, forced) : null;
  const now = deps.clock.now();
  const next: IntegrationRecord = {
    ...stored,
    ...settings,
    ...touched(stored, caller, now),
    ...(error !== null && { lastError: error, lastErrorAt: now }),
    // A changed setting shows its effect at once, not after the old interval.
    nextRunAt: stored.disabled ? null : now,
  };
  const columns = {
    ...toSettingsRow(settings),
    updated_at: new Date(next.updatedAt),
    updated_by: next.updatedBy,
    next_run_at: date(next.nextRunAt),
    ...(error !== null && { last_error: error, last_error_at: new Date(now) }),
  };
  await deps.db.kysely.transaction().execute(async (transaction) => {
    if (!(await replaceIntegration(transaction, stored, columns))) throw conflict();
    if (next.externalId !== stored.externalId) await claimExternalId(deps, transaction, next.externalId);
  });
  return toWire(next);
}

/**
 * The wire format has no version, but clients send back what they read: an `updatedEpochMillis` that is not the stored one
 * tells of an edit in between, which this one would undo. Clients that send none are taken at their word.
 */
function checkUnchanged(stored: IntegrationRecord, input: CloudIntegrationInput): void {
  const read = Number(input.updatedEpochMillis ?? Number.NaN);
  if (Number.isInteger(read) && read > 0 && read !== stored.updatedAt) throw conflict();
}

function conflict(): AppError {
  return new AppError("version_conflict", {
    message:
      "The integration was changed since it was read (updatedEpochMillis). Read it again and repeat the change, or leave updatedEpochMillis out to overwrite.",
  });
}

/** Time goes forward by at least a millisecond with each change, so that no two changes look alike. */
function touched(stored: IntegrationRecord, caller: Caller, now: number) {
  return { updatedAt: Math.max(now, stored.updatedAt + 1), updatedBy: caller.name };
}

/** Changes a state unless it is so already; a change by somebody else in between is read again, five times at most. */
async function changeState(
  deps: IntegrationsDeps,
  id: string,
  caller: Caller,
  change: (stored: IntegrationRecord) => Partial<IntegrationRecord> | undefined,
): Promise<CloudIntegration> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const stored = await findIntegration(deps.db.kysely, id);
    if (!stored) throw notFound();
    const changes = change(stored);
    if (changes === undefined) return toWire(stored);
    const next = { ...stored, ...touched(stored, caller, deps.clock.now()), ...changes };
    const saved = await replaceIntegration(deps.db.kysely, stored, {
      disabled: next.disabled,
      disabled_by_error: next.disabledByError,
      trashed_at: date(next.trashedAt),
      next_run_at: date(next.nextRunAt),
      consecutive_failures: next.consecutiveFailures,
      updated_at: new Date(next.updatedAt),
      updated_by: next.updatedBy,
    });
    if (saved) return toWire(next);
  }
  throw conflict();
}

function enable(deps: IntegrationsDeps, id: string, caller: Caller): Promise<CloudIntegration> {
  return changeState(deps, id, caller, (stored) => {
    if (stored.trashedAt !== null) throw notFound();
    if (!stored.disabled) return undefined;
    return { disabled: false, disabledByError: false, consecutiveFailures: 0, nextRunAt: deps.clock.now() };
  });
}

function disable(deps: IntegrationsDeps, id: string, caller: Caller): Promise<CloudIntegration> {
  return changeState(deps, id, caller, (stored) => {
    if (stored.trashedAt !== null) throw notFound();
    if (stored.disabled) return undefined;
    return { disabled: true, disabledByError: false, nextRunAt: null };
  });
}

function undelete(deps: IntegrationsDeps, id: string, caller: Caller): Promise<CloudIntegration> {
  return changeState(deps, id, caller, (stored) => {
    if (stored.trashedAt === null) {
      throw new AppError("validation_failed", { message: "The cloud integration is not in the trash." });
    }
    return { trashedAt: null, nextRunAt: stored.disabled ? null : deps.clock.now() };
  });
}

async function remove(
  deps: IntegrationsDeps,
  id: string,
  { skipTrash }: { skipTrash: boolean },
  caller: Caller,
): Promise<CloudIntegration> {
  const stored = await findIntegration(deps.db.kysely, id);
  if (!stored) throw notFound();
  if (stored.trashedAt === null && !skipTrash) {
    const now = deps.clock.now();
    return changeState(deps, id, caller, ({ trashedAt }) =>
      trashedAt === null ? { trashedAt: now, nextRunAt: null } : undefined,
    );
  }
  await deleteIntegration(deps.db.kysely, id);
  return { ...toWire(stored), inTrash: false, deleted: true };
}
