/**
 * Composition root: reads the settings, builds the parts, starts them, and stops them in the reverse order.
 * `node src/main.ts serve` runs everything in one process; `node src/main.ts worker` only runs integrations, beside
 * other processes on the same PostgreSQL and ClickHouse.
 */

import { readFileSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import {
  type ApiCall,
  classifyAwsError,
  createAws,
  createPacer,
  createPoster,
  receiverProblem,
} from "./aws/index.ts";
import {
  AppError,
  createLog,
  createReleasers,
  type Log,
  type Releasers,
  releaseAll,
  Secret,
  stopOnSignals,
  systemClock,
  systemRandom,
} from "./base/index.ts";
import { type Chore, createCollector } from "./collect/index.ts";
import {
  createReferenceResolver,
  loadSettings,
  readDeclaration,
  type Settings,
  secretVariables,
} from "./config/index.ts";
import { createChangeCounters, type Database, lockDataDirectory, openDatabase } from "./db/index.ts";
import {
  createConsoleListener,
  createEndpointListener,
  createServiceMetrics,
  type ServiceMetrics,
  type Services,
} from "./http/index.ts";
import { createIdentity, createServerSettings, writeFirstRunFile } from "./identity/index.ts";
import { createIntegrations } from "./integrations/index.ts";
import { createOutputs, createTextExport } from "./outputs/index.ts";
import { createMetricsQueries, createOverview, renderMetricsCsv } from "./query/index.ts";
import { openTelemetry, type Telemetry } from "./telemetry/index.ts";
import {
  createCredentials,
  createExternalIds,
  createVault,
  discardMasterKeyFile,
  loadMasterKeys,
  type Vault,
} from "./vault/index.ts";

const roles = ["serve", "worker"] as const;
type Role = (typeof roles)[number];

const exitCodes = { failure: 1, usage: 2, configuration: 78 };

const clock = systemClock;
const random = systemRandom;
const version = (
  JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }
).version;

/**
 * Read by libuv at the first file, DNS or password work, which is still to come here. chDB occupies threads of the pool
 * for as long as a query runs; with the usual four, sign-ins and file syncs would wait for reads of metrics.
 */
process.env.UV_THREADPOOL_SIZE ??= "12";

await main();

async function main(): Promise<void> {
  const role = roles.find((name) => name === (process.argv[2] ?? "serve"));
  if (!role) {
    console.error(`Usage: main.ts ${roles.join("|")}`);
    process.exit(exitCodes.usage);
  }
  const settings = readSettings();
  const terminal = process.stderr.isTTY ? "text" : "json";
  const format = settings.logFormat === "auto" ? terminal : settings.logFormat;
  const log = createLog({ level: settings.logLevel, format });
  const releasers = createReleasers();
  stopOnSignals(releasers, log);
  try {
    await start(role, settings, log, releasers);
  } catch (error) {
    log.error("The server cannot start.", { error });
    console.error(`Nephoscope cannot start: ${error instanceof AppError ? error.message : String(error)}`);
    await releaseAll(releasers, log);
    process.exit(exitCodes.failure);
  }
}

function readSettings(): Settings {
  const { settings, problems } = loadSettings(process.env, (path) => readFileSync(path, "utf8"));
  // Diagnostic reports and child processes get a copy of the environment.
  for (const variable of secretVariables) delete process.env[variable];
  if (problems.length === 0) return settings;
  console.error("Nephoscope cannot start, because of its settings:");
  for (const { variable, message } of problems) console.error(`  ${variable} ${message}`);
  process.exit(exitCodes.configuration);
}

async function start(role: Role, settings: Settings, log: Log, releasers: Releasers): Promise<void> {
  const serviceMetrics = createServiceMetrics();
  const stores = await openStores(role, settings, log, releasers);
  const vault = await openVault(role, settings, stores.database, log);
  const parts = await buildParts(settings, stores, vault, serviceMetrics, log, releasers);
  if (role === "serve") await makeFirstUser(settings, parts);
  if (settings.importFile !== undefined) await importCredentials(settings.importFile, parts.credentials, log);
  const collector = createCollector({
    db: stores.database,
    integrations: parts.integrations,
    credentials: parts.credentials,
    metrics: stores.telemetry.metrics,
    classify: classifyAwsError,
    clock,
    random,
    log: log.child({ part: "collect" }),
    workerId: random.uuid(),
    pacer: createPacer({ clock, share: settings.awsQuotaShare / 100, observe: serviceMetrics.paced }),
    observe: { run: serviceMetrics.run },
    chores: outputChores(parts.outputs),
    options: { runsAtOnce: settings.runsAtOnce, soleWorker: stores.database.kind === "embedded" },
  });
  releasers.add("collector", () => collector.stop());
  const addresses =
    role === "serve" ? await listen(settings, stores, parts, collector, serviceMetrics, log, releasers) : {};
  await collector.start();
  log.info("ready", {
    role,
    version,
    host: hostname(),
    database: stores.database.kind,
    telemetry: stores.telemetry.kind,
    ...addresses,
  });
  if (process.stdout.isTTY && "consoleUrl" in addresses)
    console.log(`\n  Nephoscope ${version}: ${addresses.consoleUrl}\n`);
}

interface Stores {
  readonly database: Database;
  readonly telemetry: Telemetry;
}

async function openStores(role: Role, settings: Settings, log: Log, releasers: Releasers): Promise<Stores> {
  const { dataDir: directory, databaseUrl, clickhouseUrl } = settings;
  const embedded = databaseUrl === undefined || clickhouseUrl === undefined;
  if (role === "worker" && embedded) {
    throw new AppError("configuration_invalid", {
      message:
        "A worker shares its stores with other processes: set NEPHO_DATABASE_URL and NEPHO_CLICKHOUSE_URL. The embedded stores belong to the one process that serves.",
    });
  }
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if (embedded) {
    const lock = await lockDataDirectory(directory);
    releasers.add("data directory", () => lock.release());
  }
  const database = await openDatabase({ url: databaseUrl, directory, log, clock });
  releasers.add("database", () => database.close());
  const telemetry = await openTelemetry({ url: clickhouseUrl, directory, log, clock });
  releasers.add("telemetry", () => telemetry.close());
  return { database, telemetry };
}

/** Only who serves may make the key: a worker's folder may go away, and with it the one key to the vault. */
async function openVault(role: Role, settings: Settings, db: Database, log: Log): Promise<Vault> {
  const masterKeys = await loadMasterKeys({
    given: settings.masterKey,
    directory: settings.dataDir,
    random,
    mayCreate: role === "serve",
  });
  try {
    const vault = await createVault({ db, masterKeys: masterKeys.keys, clock, random, log });
    if (masterKeys.created)
      log.warn("A master key was made. Keep a copy of it apart from the data.", { path: masterKeys.created });
    return vault;
  } catch (error) {
    await discardMasterKeyFile(masterKeys);
    throw error;
  }
}

type Parts = Awaited<ReturnType<typeof buildParts>>;

async function buildParts(
  settings: Settings,
  { database: db, telemetry }: Stores,
  vault: Vault,
  serviceMetrics: ServiceMetrics,
  log: Log,
  releasers: Releasers,
) {
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
    environment: process.env,
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
  const metrics = createMetricsQueries({ telemetry, finality: integrations.collection, clock });
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
  const poster = createPoster({ policy: aws.policy, environment: process.env });
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
    identity,
    credentials,
    externalIds,
    integrations,
    metrics,
    overview,
    outputs: { ...outputs, ...textExport },
  };
}

/** A turn of sending goes on in the background, so that no scheduler waits for a receiver. */
function outputChores({ delivery, forgetOrphans }: Parts["outputs"]): Chore[] {
  return [
    { name: "sending of metrics", everyMs: 5_000, run: delivery.kick },
    { name: "outputs of deleted integrations", everyMs: 3_600_000, run: forgetOrphans },
  ];
}

/** Not for a worker: on an empty database it would leave the only copy of the password in a folder that goes away with it. */
async function makeFirstUser(settings: Settings, { identity }: Parts): Promise<void> {
  await identity.bootstrap({
    adminPassword: settings.adminPassword,
    rootAccessKeyId: settings.rootAccessKeyId,
    rootSecretAccessKey: settings.rootSecretAccessKey,
    keep: async (firstRun) => {
      const path = await writeFirstRunFile(settings.dataDir, firstRun);
      console.error(`First start: password, REST token and root access key are in ${path}`);
    },
  });
}

async function importCredentials(path: string, credentials: Parts["credentials"], log: Log): Promise<void> {
  const declaration = await readDeclaration(path, (file) => readFile(file, "utf8"));
  const resolve = createReferenceResolver(process.env, (file) => readFile(file, "utf8"));
  const result = await credentials.import(declaration, resolve, { arn: `file:${path}` });
  log.info("Credentials were imported.", {
    path,
    items: result.items.map(({ name, action }) => `${name}: ${action}`),
  });
}

async function listen(
  settings: Settings,
  stores: Stores,
  parts: Parts,
  collector: { runNow(integrationId: string): Promise<void> },
  { registry }: ServiceMetrics,
  log: Log,
  releasers: Releasers,
): Promise<{ consoleUrl: string; endpointUrl: string }> {
  const { publicUrl } = settings;
  const pings = { database: stores.database, telemetry: stores.telemetry };
  const shared = { clock, random, registry, publicUrl, stores: pings };
  const console_ = await createConsoleListener({
    ...shared,
    log: log.child({ part: "console" }),
    listen: settings.consoleListen,
    requestsPerSecond: settings.requestsPerSecond,
    version,
    uiDirectory: new URL("../web/dist", import.meta.url).pathname,
    services: toServices(settings, stores, parts, collector),
  });
  releasers.add("console", () => console_.close());
  const endpoint = await createEndpointListener({
    ...shared,
    log: log.child({ part: "endpoint" }),
    listen: settings.endpointListen,
  });
  releasers.add("endpoint", () => endpoint.close());
  return { consoleUrl: await console_.listen(), endpointUrl: await endpoint.listen() };
}

function toServices(
  settings: Settings,
  stores: Stores,
  parts: Parts,
  collector: { runNow(integrationId: string): Promise<void> },
): Services {
  const { identity, integrations, credentials, externalIds } = parts;
  return {
    identity,
    credentials: {
      ...credentials,
      import: (declaration, caller) =>
        credentials.import(declaration, async (text) => new Secret(text), caller),
    },
    externalIds: {
      create: async (caller) => (await externalIds.create(caller)).id,
      get: async (id) => (await externalIds.get(id)).id,
      delete: async (id) => {
        await externalIds.delete(id);
        return id;
      },
    },
    integrations: {
      ...integrations,
      summaries: integrations.summaries.list,
      summary: integrations.summaries.get,
    },
    collection: integrations.collection,
    spending: integrations.spending,
    outputs: parts.outputs,
    runs: { ...integrations.runs, start: (id) => collector.runNow(id) },
    metrics: { ...parts.metrics, toCsv: (result) => [...renderMetricsCsv(result)].join("") },
    overview: parts.overview,
    settings: createServerSettings({
      settings: identity.settings,
      fixed: {
        accountId: settings.accountId,
        version,
        stores: { database: stores.database.kind, telemetry: stores.telemetry.kind },
      },
      credentialExists: (id) => credentials.get(id).then(() => true, isNotFound),
    }),
    vault: parts.vault,
  };
}

function isNotFound(error: unknown): false {
  if (error instanceof AppError && error.code === "credential_not_found") return false;
  throw error;
}
