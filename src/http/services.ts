import type { Readable } from "node:stream";
import type { z } from "zod";
import type * as contract from "../contract/index.ts";
import type { Page, Principal, UnsavedCredential } from "../contract/index.ts";
import type { Facts } from "./route.ts";

type Of<Schema extends z.ZodType> = z.infer<Schema>;
type PageInput = Of<typeof contract.pageQuery>;

/**
 * What the listeners call, described by shape; whoever builds the server hands it in. An id in a URL is passed on as
 * text: the service answers `…_not_found` for one that it does not know.
 */
export interface Services {
  readonly identity: IdentityServices;
  readonly credentials: CredentialService;
  readonly externalIds: ExternalIdService;
  readonly integrations: IntegrationService;
  readonly spending: SpendingService;
  readonly collection: CollectionService;
  readonly outputs: OutputService;
  readonly runs: RunService;
  readonly logs: LogService;
  readonly keys: KeyService;
  readonly audit: AuditService;
  /** Asked when it is needed: the port is known once the endpoint listens. */
  readonly logEndpoint: () => contract.LogEndpoint;
  readonly metrics: MetricsService;
  readonly overview: { get(): Promise<contract.Overview> };
  readonly settings: SettingsService;
  readonly vault: { status(): Promise<contract.VaultStatus>; rotate(): Promise<contract.VaultStatus> };
}

export interface IdentityServices {
  readonly sessions: SessionService;
  readonly tokens: TokenService;
  readonly users: UserService;
  readonly policies: { list(): Promise<{ items: contract.Policy[] }> };
  /** Throws `access_denied`. */
  authorize(principal: Principal, question: contract.AccessQuestion, facts: Facts): Promise<void> | void;
  describeCaller(
    principal: Principal,
    session?: { csrfToken: string; expiresAt: Date },
  ): Promise<contract.Session> | contract.Session;
}

export interface SessionService {
  signIn(input: { user: string; password: string; address: string }): Promise<{
    cookieValue: string;
    session: contract.Session;
  }>;
  resolve(
    cookieValue: string,
  ): Promise<{ principal: Principal; csrfToken: string; expiresAt: Date } | undefined>;
  signOut(principal: Principal): Promise<void>;
  changePassword(
    principal: Principal,
    input: { currentPassword: string; newPassword: string; address: string },
  ): Promise<void>;
}

/** What has to be allowed before a service is called with the same input. */
type Questions<A extends unknown[] = []> = (
  ...input: A
) => readonly contract.AccessQuestion[] | Promise<readonly contract.AccessQuestion[]>;

export interface TokenService {
  readonly access: {
    readonly list: Questions<[caller: Principal]>;
    readonly create: Questions<[caller: Principal, input: Of<typeof contract.tokenInput>]>;
    readonly delete: Questions<[caller: Principal]>;
  };
  resolve(value: string): Promise<Principal | undefined>;
  list(caller: Principal): Promise<{ items: contract.Token[] }>;
  create(
    caller: Principal,
    input: Of<typeof contract.tokenInput>,
    facts: Facts,
  ): Promise<contract.Token & { value: string }>;
  delete(caller: Principal, id: string, facts: Facts): Promise<void>;
}

export interface UserService {
  readonly access: {
    readonly list: Questions;
    readonly create: Questions<[input: Of<typeof contract.userInput>]>;
    readonly update: Questions<[name: string, input: Of<typeof contract.userUpdate>]>;
    readonly delete: Questions<[name: string]>;
  };
  list(page: PageInput): Promise<Page<contract.User>>;
  create(input: Of<typeof contract.userInput>, caller: Principal, facts: Facts): Promise<contract.User>;
  update(
    name: string,
    input: Of<typeof contract.userUpdate>,
    caller: Principal,
    facts: Facts,
  ): Promise<contract.User>;
  delete(name: string, caller: Principal, facts: Facts): Promise<void>;
}

export interface CredentialService {
  list(query: contract.CredentialListQuery): Promise<Page<contract.Credential>>;
  get(id: string): Promise<contract.Credential>;
  create(input: contract.CredentialInput, caller: Principal): Promise<contract.Credential>;
  update(id: string, input: contract.CredentialUpdate, caller: Principal): Promise<contract.Credential>;
  remove(id: string, caller: Principal): Promise<void>;
  test(id: string, test: contract.ConnectionTestInput): Promise<contract.ConnectionTestResult>;
  tests(id: string): Promise<contract.ConnectionTestHistory>;
  testUnsaved(
    credential: UnsavedCredential,
    test: contract.ConnectionTestInput,
  ): Promise<contract.ConnectionTestResult>;
  options(): Promise<contract.CredentialOptions>;
  roleSetup(input: contract.RoleSetupInput): Promise<contract.RoleSetup>;
  import(
    declaration: Of<typeof contract.credentialImport>,
    caller: Principal,
  ): Promise<Of<typeof contract.credentialImportResult>>;
}

export interface ExternalIdService {
  create(caller: Principal): Promise<string>;
  /** Throws `external_id_not_found`. */
  get(externalId: string): Promise<string>;
  delete(externalId: string): Promise<string>;
}

export interface IntegrationService {
  list(page: PageInput): Promise<Page<contract.CloudIntegration>>;
  get(id: string): Promise<contract.CloudIntegration>;
  create(input: contract.CloudIntegrationInput, caller: Principal): Promise<contract.CloudIntegration>;
  update(
    id: string,
    input: contract.CloudIntegrationInput,
    caller: Principal,
  ): Promise<contract.CloudIntegration>;
  remove(id: string, options: { skipTrash: boolean }, caller: Principal): Promise<contract.CloudIntegration>;
  enable(id: string, caller: Principal): Promise<contract.CloudIntegration>;
  disable(id: string, caller: Principal): Promise<contract.CloudIntegration>;
  undelete(id: string, caller: Principal): Promise<contract.CloudIntegration>;
  search(
    request: contract.SearchRequest,
    options: { deleted: boolean },
  ): Promise<Of<typeof contract.pagedCloudIntegrations>>;
  facet(
    name: string,
    request: Of<typeof contract.facetSearchRequest>,
    options: { deleted: boolean },
  ): Promise<Of<typeof contract.pagedStrings>>;
  facets(
    request: Of<typeof contract.facetsSearchRequest>,
    options: { deleted: boolean },
  ): Promise<Of<typeof contract.facetsResponse>>;
  preview(input: contract.IntegrationPreviewInput): Promise<contract.IntegrationPreview>;
  advise(id: string): Promise<contract.IntegrationAdvice>;
  accounts(id: string, query: contract.IntegrationAccountQuery): Promise<Page<contract.IntegrationAccount>>;
  createAll(input: contract.AllServicesInput, caller: Principal): Promise<contract.AllServicesResult>;
  summaries(query: contract.IntegrationListQuery): Promise<Page<contract.IntegrationSummary>>;
  summary(id: string): Promise<contract.IntegrationSummary>;
}

export interface SpendingService {
  get(query: contract.SpendingQuery): Promise<contract.Spending>;
}

export interface CollectionService {
  owed(query: contract.OwedListQuery): Promise<Page<contract.OwedWindow>>;
  gaps(query: contract.GapListQuery): Promise<Page<contract.Gap>>;
  completeness(query: Of<typeof contract.completenessQuery>): Promise<Of<typeof contract.completenessList>>;
}

export interface RunService {
  list(query: contract.RunListQuery & { integrationId?: string }): Promise<Page<contract.Run>>;
  get(id: string): Promise<contract.Run>;
  /** Throws `integration_not_found`, `integration_busy`. */
  start(integrationId: string, caller: Principal): Promise<void>;
}

/** Collected metrics out; the texts come as streams. */
export interface OutputService {
  get(integrationId: string): Promise<contract.Outputs>;
  update(integrationId: string, input: contract.OutputsInput, caller: Principal): Promise<contract.Outputs>;
  scrape(integrationId: string, query: contract.ScrapeQuery): Promise<Readable>;
  range(query: contract.MetricExportQuery): Promise<Readable>;
}

export interface MetricsService {
  findNamespaces(query: Of<typeof contract.namespaceFindQuery>): Promise<Of<typeof contract.namespaceList>>;
  findMetrics(query: Of<typeof contract.metricFindQuery>): Promise<Of<typeof contract.metricPage>>;
  findDimensions(query: Of<typeof contract.dimensionFindQuery>): Promise<Of<typeof contract.dimensionList>>;
  findSeries(query: Of<typeof contract.seriesFindQuery>): Promise<Of<typeof contract.seriesPage>>;
  query(query: contract.MetricQuery): Promise<contract.MetricQueryResult>;
  findChanges(query: Of<typeof contract.metricChangeQuery>): Promise<Page<contract.MetricChange>>;
  findDelays(query: Of<typeof contract.metricDelayQuery>): Promise<Of<typeof contract.metricDelayList>>;
  toCsv(result: contract.MetricQueryResult): string;
}

/** Throws `access_denied` unless the caller of this request may. */
type Authorize = (question: contract.AccessQuestion) => Promise<void>;

/**
 * Log groups, streams and events. The routes ask whether the caller may; what an input says to need besides, the service
 * asks for. Throws `log_group_not_found`, `log_stream_not_found`.
 */
export interface LogService {
  /** What policies are asked about an action, such as `PutLogEvents`. */
  readonly access: {
    group(
      action: string,
      group: string,
      context?: contract.AccessQuestion["context"],
    ): Promise<contract.AccessQuestion>;
    stream(action: string, group: string, stream: string): Promise<contract.AccessQuestion>;
    /** For actions that list. */
    anyGroup(action: string): contract.AccessQuestion;
  };
  groups(query: contract.LogGroupListQuery): Promise<Page<contract.LogGroup>>;
  group(name: string): Promise<contract.LogGroup>;
  /** Throws `name_taken`. */
  createGroup(input: contract.LogGroupInput, authorize: Authorize): Promise<contract.LogGroup>;
  /** Null: for ever. */
  setRetention(name: string, days: number | null, caller: Principal): Promise<contract.LogGroup>;
  setBearerTokenAuthentication(name: string, enabled: boolean, caller: Principal): Promise<contract.LogGroup>;
  setDeletionProtection(name: string, enabled: boolean, caller: Principal): Promise<contract.LogGroup>;
  /** Throws `deletion_protected`. */
  deleteGroup(name: string, caller: Principal): Promise<void>;
  streams(query: contract.LogStreamListQuery): Promise<Page<contract.LogStream>>;
  /** Throws `name_taken`. */
  createStream(group: string, name: string, caller: Principal): Promise<contract.LogStream>;
  deleteStream(group: string, name: string, caller: Principal): Promise<void>;
  /** As do `histogram` and `tail`: throws `filter_pattern_invalid`. */
  events(query: contract.LogEventQuery): Promise<contract.LogEventPage>;
  histogram(query: contract.LogHistogramQuery): Promise<contract.LogHistogram>;
  tail(query: contract.LogTailQuery): Promise<contract.LogTail>;
  /** A request that a caller sends again under its key stores nothing again. Throws `header_conflict`, `overloaded`. */
  putEvents(
    input: contract.LogEventsInput,
    authorize: Authorize,
    name?: { readonly caller: Principal; readonly key: string },
  ): Promise<contract.LogEventsResult>;
  rejections(query: { group?: string }): Promise<{ items: contract.LogRejection[] }>;
}

/** Audit records of both categories. */
export interface AuditService {
  /** Throws `validation_failed` for a range that ends before it starts and for the cursor of another query. */
  find(query: contract.TrailEventQuery): Promise<contract.TrailEventPage>;
}

/** API keys for sending logs. Throws `api_key_not_found`. */
export interface KeyService {
  readonly access: {
    readonly list: Questions<[query: contract.ApiKeyListQuery]>;
    readonly create: Questions<[input: contract.ApiKeyInput]>;
    readonly update: Questions<[id: string, caller: Principal, facts: Facts]>;
    readonly reset: Questions<[id: string, caller: Principal, facts: Facts]>;
    readonly delete: Questions<[id: string, caller: Principal, facts: Facts]>;
  };
  list(query: contract.ApiKeyListQuery): Promise<Page<contract.ApiKey>>;
  /** Throws `user_not_found`, `limit_exceeded`. */
  create(input: contract.ApiKeyInput, caller: Principal, facts: Facts): Promise<contract.CreatedApiKey>;
  update(id: string, input: contract.ApiKeyUpdate, caller: Principal, facts: Facts): Promise<contract.ApiKey>;
  /** Throws `api_key_expired`. */
  reset(id: string, caller: Principal, facts: Facts): Promise<contract.CreatedApiKey>;
  delete(id: string, caller: Principal, facts: Facts): Promise<void>;
}

export interface SettingsService {
  get(): Promise<Of<typeof contract.serverSettings>>;
  update(
    input: Of<typeof contract.serverSettingsUpdate>,
    caller: Principal,
  ): Promise<Of<typeof contract.serverSettings>>;
}

/** A store that `/readyz` asks; `ping` throws when it does not answer. */
export interface Store {
  ping(): Promise<void>;
}
