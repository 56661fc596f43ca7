import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { AppError, type Clock, type Log, type Random, Secret, systemRandom } from "../base/index.ts";
import { createEmbeddedConnection } from "./embedded/embedded-connection.ts";
import { spreadParts } from "./embedded/spread-parts.ts";
import { createLogEvents, type LogEvents } from "./log-events.ts";
import { createLogPurge, type LogPurge } from "./log-purge.ts";
import { createLogReads, type LogReads } from "./log-reads.ts";
import { createLogTraffic, type LogTraffic } from "./log-traffic.ts";
import { createMetricExport, type MetricExport } from "./metric-export.ts";
import { createMetricFeed, type MetricFeed } from "./metric-feed.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { runTelemetryMigrations } from "./migrations.ts";
import { createStore, type Store } from "./store.ts";
import { mapStoreError } from "./store-errors.ts";
import { createTrailEvents, type TrailEvents } from "./trail-events.ts";

export interface Telemetry {
  readonly kind: "embedded" | "server";
  readonly metrics: Metrics;
  readonly feed: MetricFeed;
  readonly metricExport: MetricExport;
  readonly logEvents: LogEvents;
  readonly logReads: LogReads;
  readonly logTraffic: LogTraffic;
  readonly logPurge: LogPurge;
  readonly trailEvents: TrailEvents;
  /** One round trip; throws `store_unavailable`. */
  ping(): Promise<void>;
  /** Waits for statements under way. Safe to call twice. */
  close(): Promise<void>;
}

export interface TelemetryOptions {
  /** `https://user:password@host:8443/database`; the database is `nephoscope` unless the path names one. */
  readonly url?: Secret | string | undefined;
  /** The data directory; the embedded engine keeps its files in `telemetry` below it. Without it: a temporary folder. */
  readonly directory?: string | undefined;
  readonly log: Log;
  readonly clock: Clock;
  /** The system's unless given. */
  readonly random?: Random;
  /** How long one request to a server may take, 60 s unless given. */
  readonly requestTimeoutMs?: number;
  /** The same for an insert of log events, 15 s unless given. */
  readonly logInsertTimeoutMs?: number;
}

const defaultDatabase = "nephoscope";

/** chdb and the client each bring a copy of the same interface; the compiler cannot know that they are one. */
type ClientConnection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>["connection"]>;

/**
 * Opens the telemetry store and brings its tables up to date. Throws `store_unavailable`,
 * `data_directory_locked`, `schema_newer` or `schema_changed`.
 */
export async function openTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const kind = options.url === undefined ? "embedded" : "server";
  const store =
    options.url === undefined
      ? await openEmbedded(options.directory)
      : createStore(await openServer(options.url, options.requestTimeoutMs), {
          insertTimeoutMs: options.logInsertTimeoutMs,
        });
  try {
    await runTelemetryMigrations(store, { log: options.log });
    if (kind === "embedded") await spreadParts(store, options.log);
  } catch (error) {
    await store.close();
    throw error;
  }
  return assemble(kind, store, options.clock, options.random ?? systemRandom);
}

function assemble(kind: Telemetry["kind"], store: Store, clock: Clock, random: Random): Telemetry {
  const metrics = createMetrics({ store, clock });
  let closing: Promise<void> | undefined;
  return {
    kind,
    metrics,
    feed: createMetricFeed(store),
    metricExport: createMetricExport(store),
    logReads: createLogReads({ store, clock }),
    logEvents: createLogEvents({ store, clock, pickPrefix: random.float }),
    logTraffic: createLogTraffic(store),
    logPurge: createLogPurge(store),
    trailEvents: createTrailEvents({ store, clock }),
    ping: store.ping,
    close: () => {
      // Counts that cannot be written any more are no reason not to close.
      closing ??= metrics.flush().then(store.close, store.close);
      return closing;
    },
  };
}

async function openEmbedded(directory: string | undefined): Promise<Store> {
  let path: string | undefined;
  if (directory !== undefined) {
    path = resolve(join(directory, "telemetry"));
    await mkdir(path, { recursive: true, mode: 0o700 });
  }
  try {
    const connection = createEmbeddedConnection({
      path,
      database: defaultDatabase,
      readers: 2,
      writers: 2,
      urgentWriters: 2,
    });
    const client = createClient({
      connection: connection as unknown as ClientConnection,
      log: { level: ClickHouseLogLevel.OFF },
    });
    return createStore(client, { inserts: connection.rows });
  } catch (error) {
    throw new AppError("data_directory_locked", {
      message: `The telemetry store in ${path} could not be opened; most likely another process uses it.`,
      cause: error,
    });
  }
}

async function openServer(url: Secret | string, requestTimeoutMs = 60_000): Promise<ClickHouseClient> {
  const server = { ...parseServerUrl(url instanceof Secret ? url.reveal() : url), requestTimeoutMs };
  await createDatabaseIfMissing(server);
  return createServerClient(server);
}

interface Server {
  readonly origin: string;
  readonly username: string;
  readonly password: string;
  readonly database: string;
}

function parseServerUrl(text: string): Server {
  const url = URL.parse(text);
  const database = decodeURIComponent(url?.pathname.slice(1) || defaultDatabase);
  if (!url || !/^https?:$/.test(url.protocol) || !/^[A-Za-z_]\w{0,63}$/.test(database)) {
    // The address may hold a password, so the message does not repeat it.
    throw new AppError("validation_failed", {
      message: "The ClickHouse address is not like https://user:password@host:8443/database.",
    });
  }
  return {
    origin: url.origin,
    username: decodeURIComponent(url.username) || "default",
    password: decodeURIComponent(url.password),
    database,
  };
}

interface ServerAccess extends Server {
  readonly requestTimeoutMs: number;
}

function createServerClient(server: ServerAccess, database = server.database): ClickHouseClient {
  return createClient({
    url: server.origin,
    username: server.username,
    password: server.password,
    database,
    application: "nephoscope",
    request_timeout: server.requestTimeoutMs,
    max_open_connections: 10,
    compression: { request: true, response: true },
    // A long list of dimension values does not fit into the address of a request.
    use_multipart_params_auto: true,
    clickhouse_settings: { wait_end_of_query: 1 },
    // It would print statements to the console; whoever catches the error logs it.
    log: { level: ClickHouseLogLevel.OFF },
  });
}

/** A user without the right to create databases is fine as long as the database exists. */
async function createDatabaseIfMissing(server: ServerAccess): Promise<void> {
  const client = createServerClient(server, "default");
  try {
    const result = await client.query({
      query: "SELECT count() AS found FROM system.databases WHERE name = {name:String}",
      query_params: { name: server.database },
      format: "JSONEachRow",
    });
    const [row] = await result.json<{ found: string | number }>();
    if (Number(row?.found) > 0) return;
    await client.command({ query: `CREATE DATABASE IF NOT EXISTS \`${server.database}\`` });
  } catch (error) {
    throw mapStoreError(error);
  } finally {
    await client.close();
  }
}
