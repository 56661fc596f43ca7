/**
 * Composition root: reads the settings, builds the parts, starts them, and stops them in the reverse order.
 * `node src/main.ts serve` runs everything in one process; `node src/main.ts worker` only runs integrations, beside
 * other processes on the same PostgreSQL and ClickHouse.
 */

import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { classifyAwsError, createPacer } from "./aws/index.ts";
import {
  AppError,
  createLog,
  createReleasers,
  type Log,
  type Releasers,
  releaseAll,
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
import { createConsoleListener, createEndpointListener, createServiceMetrics } from "./http/index.ts";
import { writeFirstRunFile } from "./identity/index.ts";
import type { Context, Role } from "./main/context.ts";
import { buildLogParts, type LogParts } from "./main/log-parts.ts";
import { buildParts, type Parts } from "./main/parts.ts";
import { toServices } from "./main/services.ts";
import { openStores, openVault, type Stores } from "./main/stores.ts";

const roles: readonly Role[] = ["serve", "worker"];

const exitCodes = { failure: 1, usage: 2, configuration: 78 };

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
  const context: Context = {
    role,
    settings,
    clock: systemClock,
    random: systemRandom,
    log,
    releasers,
    serviceMetrics: createServiceMetrics(),
    version,
    environment: process.env,
  };
  const stores = await openStores(context);
  const vault = await openVault(context, stores.database);
  const parts = await buildParts(context, stores, vault);
  const logParts = buildLogParts(context, stores, parts);
  if (role === "serve") await makeFirstUser(settings, parts);
  if (settings.importFile !== undefined) await importCredentials(settings.importFile, parts.credentials, log);
  const collector = buildCollector(context, stores, parts, [
    ...outputChores(parts.outputs),
    ...logParts.chores,
  ]);
  const addresses = role === "serve" ? await listen(context, stores, parts, logParts, collector) : {};
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

function buildCollector(context: Context, stores: Stores, parts: Parts, chores: readonly Chore[]) {
  const { settings, clock, random, log, releasers, serviceMetrics } = context;
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
    chores,
    options: { runsAtOnce: settings.runsAtOnce, soleWorker: stores.database.kind === "embedded" },
  });
  releasers.add("collector", () => collector.stop());
  return collector;
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
      console.error(`First start: the secrets that were made, a REST token among them, are in ${path}`);
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
  context: Context,
  stores: Stores,
  parts: Parts,
  logParts: LogParts,
  collector: { runNow(integrationId: string): Promise<void> },
): Promise<{ consoleUrl: string; endpointUrl: string }> {
  const { settings, clock, random, log, releasers, serviceMetrics } = context;
  const { publicUrl, trustedProxies, accountId, region, requestsPerSecond } = settings;
  const { trail, logs, ingest } = logParts;
  const { identity } = parts;
  const shared = {
    ...{ clock, random, publicUrl, trustedProxies, requestsPerSecond },
    registry: serviceMetrics.registry,
    stores: { database: stores.database, telemetry: stores.telemetry },
  };
  const endpoint = await createEndpointListener({
    ...shared,
    log: log.child({ part: "endpoint" }),
    listen: settings.endpointListen,
    tlsFiles: tlsFiles("ENDPOINT", settings.endpointTlsCertFile, settings.endpointTlsKeyFile),
    services: {
      apis: [identity.apis.iam, identity.apis.sts, logs.api, trail.api],
      accountId,
      region,
      identity,
      trail: trail.recorder,
      ingest,
    },
  });
  const console_ = await createConsoleListener({
    ...shared,
    log: log.child({ part: "console" }),
    listen: settings.consoleListen,
    tlsFiles: tlsFiles("CONSOLE", settings.consoleTlsCertFile, settings.consoleTlsKeyFile),
    version,
    audit: { trail: trail.recorder, accountId },
    uiDirectory: new URL("../web/dist", import.meta.url).pathname,
    services: toServices(context, stores, parts, logParts, collector, () => ({
      url: settings.endpointPublicUrl ?? null,
      // The one that was found, where the setting left it open.
      port: endpoint.address()?.port ?? settings.endpointListen.port,
      tls: settings.endpointTlsCertFile !== undefined,
    })),
  });
  releasers.add("console", () => console_.close());
  releasers.add("endpoint", () => endpoint.close());
  // Without it, new certificates are noticed some seconds later.
  process.on("SIGHUP", () => {
    void console_.reloadTls();
    void endpoint.reloadTls();
  });
  return { consoleUrl: await console_.listen(), endpointUrl: await endpoint.listen() };
}

/** Both or none. Throws `configuration_invalid`. */
function tlsFiles(listener: string, certFile: string | undefined, keyFile: string | undefined) {
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile };
  if (certFile === undefined && keyFile === undefined) return undefined;
  throw new AppError("configuration_invalid", {
    message: `A certificate needs its key: set both NEPHO_${listener}_TLS_CERT_FILE and NEPHO_${listener}_TLS_KEY_FILE, or none.`,
  });
}
