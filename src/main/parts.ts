import { type ApiCall, classifyAwsError, createAws, createPoster, receiverProblem } from "../aws/index.ts";
import { createChangeCounters } from "../db/index.ts";
import { createIdentity } from "../identity/index.ts";
import { createIntegrations } from "../integrations/index.ts";
import { trafficSettledTo } from "../logs/index.ts";
import { createOutputs, createTextExport } from "../outputs/index.ts";
import { createMetricsQueries, createOverview, withOwnSeries } from "../query/index.ts";
import { createCredentials, createExternalIds, type Vault } from "../vault/index.ts";
import type { Context } from "./context.ts";
import type { Stores } from "./stores.ts";

/** All parts but those of logs and audit. */
export type Parts = Awaited<ReturnType<typeof buildParts>>;

export async function buildParts(context: Context, { database: db, telemetry }: Stores, vault: Vault) {
  const { settings, clock, random, log, releasers, serviceMetrics } = context;
  const counters = createChangeCounters({ kysely: db.kysely, clock });
  const { accountId, region } = settings;
  const identity = createIdentity({ db, counters, vault, clock, random, log, accountId, region });
  releasers.add("identity", () => identity.flush());
  // Connection tests cost money too, and the ledger of it is made later than what they are made with.
  const testCalls: { note?: (call: ApiCall) => void } = {};
  const aws = createAws({
    clock,
    log,
    allowPrivateEndpoints: settings.allowPrivateEndpoints,
    endpointAllowlist: settings.endpointAllowlist,
    allowedProfiles: settings.allowedProfiles,
    profileFiles: {
      credentialsFile: settings.sharedCredentialsFile,
      configFile: settings.sharedConfigFile,
    },
    tokenDirectories: settings.tokenDirectories,
    environment: context.environment,
    onCall: serviceMetrics.apiCall,
    onTestCall: (call) => testCalls.note?.(call),
  });
  releasers.add("AWS clients", () => aws.close());
  const externalIds = createExternalIds({ db, clock, random, externalIdHours: settings.externalIdHours });
  const credentials = createCredentials({
    db,
    vault,
    aws,
    externalIds,
    clock,
    random,
    log,
    policy: {
      allowedMethods: settings.allowedAuthMethods,
      assumeRoleEnabled: settings.assumeRoleEnabled,
      extraRegions: settings.extraRegions,
      region: settings.region,
      credentialRecheckHours: settings.credentialRecheckHours,
    },
    baseCredentialId: () => identity.settings.get("baseCredentialId"),
  });
  serviceMetrics.watchCredentials(credentials.statuses);
  const integrations = createIntegrations({
    db,
    credentials,
    externalIds,
    extraRegions: settings.extraRegions,
    monthlyCapUsd: settings.monthlyCapUsd,
    metrics: telemetry.metrics,
    classify: classifyAwsError,
    clock,
    random,
    log,
  });
  const { spending } = integrations;
  testCalls.note = spending.noteCall;
  releasers.add("spending", () => spending.flush());
  const metrics = createMetricsQueries({
    telemetry,
    finality: withOwnSeries(integrations.collection, { settledTo: () => trafficSettledTo(db, clock.now()) }),
    clock,
  });
  const overview = createOverview({
    credentials,
    integrations: { summaries: integrations.summaries.list },
    runs: integrations.runs,
    metrics,
    stores: [
      { name: "The control-plane database", ping: () => db.ping() },
      { name: "The telemetry store", ping: () => telemetry.ping() },
    ],
  });
  const poster = createPoster({ policy: aws.policy, environment: context.environment });
  releasers.add("receivers of metrics", () => poster.close());
  const outputs = createOutputs({
    db,
    vault,
    feed: telemetry.feed,
    poster,
    urlProblem: (url) => receiverProblem(url, aws.policy),
    integrationExists: integrations.get,
    clock,
    random,
    log: log.child({ part: "outputs" }),
    observe: serviceMetrics.sent,
  });
  releasers.add("outputs", () => outputs.delivery.stop());
  serviceMetrics.watchOutputs(outputs.lags);
  const textExport = createTextExport({
    store: telemetry.metricExport,
    exposition: outputs.exposition,
    settledTo: async (scope) => (await integrations.collection.describe(scope, { from: 0, to: 0 })).settledTo,
    clock,
  });
  return {
    vault,
    counters,
    identity,
    credentials,
    externalIds,
    integrations,
    metrics,
    overview,
    outputs: { ...outputs, ...textExport },
  };
}
