import type { Kysely } from "kysely";
import type { z } from "zod";
import {
  type AllServicesInput,
  type AllServicesResult,
  type CloudIntegration,
  type CloudIntegrationInput,
  cutPage,
  type facetSearchRequest,
  type facetsSearchRequest,
  type IntegrationAccount,
  type IntegrationAccountQuery,
  type IntegrationAdvice,
  type IntegrationPreview,
  type IntegrationPreviewInput,
  type Page,
  type SearchRequest,
} from "../contract/index.ts";
import type { Tables } from "../db/index.ts";
import { openRunAccounts, type RunAccountsDeps } from "./accounts/accounts.ts";
import type { RunAccounts } from "./accounts/plan.ts";
import { listAccounts } from "./accounts/store.ts";
import { createAllServices } from "./all-services.ts";
import { getLive } from "./changes.ts";
import { openBooks } from "./collection/books.ts";
import { type Collection, createCollection } from "./collection/collection.ts";
import { createDelays } from "./collection/delays.ts";
import type { Caller, IntegrationsDeps } from "./dependencies.ts";
import { findIntegrations, findUsers } from "./integration-queries.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { preview } from "./preview.ts";
import type { IntegrationRecord } from "./records.ts";
import { createRuns, type Runs } from "./runs.ts";
import { create, update } from "./saving.ts";
import { facetValues, meets, sortBy } from "./search.ts";
import { createAdviser } from "./spending/advice.ts";
import { createSpending, type SpendingLedger } from "./spending/spending.ts";
import { disable, enable, remove, undelete } from "./states.ts";
import { createSummaries, type Summaries } from "./summaries.ts";
import type { Books } from "./types/integration-type.ts";
import { toWire } from "./wire.ts";

type AccountsRunDeps = Pick<RunAccountsDeps, "classify" | "listings" | "log" | "session" | "counted">;

type SearchPage<T> = Page<T> & { sort?: { field: string; ascending: boolean; default: boolean } };
/** The cloud-integration resource as its clients know it. Every answer is the complete object. */
export interface Integrations {
  list(page: { offset: number; limit: number }): Promise<Page<CloudIntegration>>;
  /** Throws `integration_not_found`, for what is in the trash too. */
  get(id: string): Promise<CloudIntegration>;
  /** Throws `validation_failed`, `pattern_invalid`, `credentials_rejected`; nothing is stored then. */
  create(input: CloudIntegrationInput, caller: Caller): Promise<CloudIntegration>;
  /** One for each supported service of AWS, as `create`; what is there already stays. */
  createAll(input: AllServicesInput, caller: Caller): Promise<AllServicesResult>;
  /** As `create`, and `version_conflict` for a caller who asks for it when somebody changed the integration meanwhile. */
  update(id: string, input: CloudIntegrationInput, caller: Caller): Promise<CloudIntegration>;
  /** What these settings would match and cost; nothing is stored. Throws as `create`, and `integration_not_found`. */
  preview(input: IntegrationPreviewInput): Promise<IntegrationPreview>;
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
  /** What calls to AWS cost. */
  readonly spending: SpendingLedger;
  /** How a stored integration could cost less; asks AWS what there is. Throws as `preview`. */
  advise(id: string): Promise<IntegrationAdvice>;
  readonly collection: Collection;
  /** The accounts that the integration pulls, in the order of their ids. Throws `integration_not_found`. */
  accounts(id: string, query: IntegrationAccountQuery): Promise<Page<IntegrationAccount>>;
  /** The accounts of a run that begins. */
  openAccounts(integration: IntegrationRecord, run: AccountsRunDeps): RunAccounts;
  /** What an integration has read and owes, for a run that is under way. */
  openBooks(integrationId: string, runId: string): Books;
}

export function createIntegrations(deps: IntegrationsDeps): Integrations {
  const db = deps.db.kysely;
  const { credentials, clock, monthlyCapUsd, billed } = deps;
  const spending = createSpending({ db, credentials, clock, monthlyCapUsd, billed });
  deps.credentials.registerUsers((credentialId) => findUsers(db, { credentialId }));
  deps.externalIds.registerUsage((externalId) => findUsers(db, { externalId }));
  return {
    list: async (page) => cutPage((await findIntegrations(db, { trashed: false })).map(toWire), page),
    get: async (id) => toWire(await getLive(db, id)),
    create: (input, caller) => create(deps, input, caller),
    createAll: (input, caller) => createAllServices(deps, input, caller),
    update: (id, input, caller) => update(deps, id, input, caller),
    preview: (input) => preview(deps, spending, input),
    remove: (id, options, caller) => remove(deps, id, options, caller),
    enable: (id, caller) => enable(deps, id, caller),
    disable: (id, caller) => disable(deps, id, caller),
    undelete: (id, caller) => undelete(deps, id, caller),
    search: async (request, options) => {
      const found = sortBy(await searchAll(db, request, options), request.sort);
      const sort = request.sort && {
        field: request.sort.field,
        ascending: request.sort.ascending ?? true,
        default: request.sort.default ?? false,
      };
      return { ...cutPage(found, pagingOf(request)), ...(sort && { sort }) };
    },
    facet: async (name, request, options) => {
      const found = await searchAll(db, request, options);
      const values = facetValues(found, name, request.facetQuery, request.facetQueryMatchingMethod);
      return cutPage(values, pagingOf(request));
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
    spending,
    advise: createAdviser(deps, spending),
    ledger: createLedger({ db, clock: deps.clock }),
    collection: createCollection({ db, clock: deps.clock, delayOf: createDelays(deps) }),
    accounts: async (id, query) => listAccounts(db, await getLive(db, id), query),
    openAccounts: (integration, run) => openRunAccounts({ ...deps, ...run, db }, integration),
    openBooks: (integrationId, runId) => openBooks({ ...deps, db }, integrationId, runId),
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
