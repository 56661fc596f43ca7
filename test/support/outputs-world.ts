import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach } from "node:test";
import { sql } from "kysely";
import { createPoster, type Poster, receiverProblem } from "../../src/aws/index.ts";
import { AppError, createLog, systemRandom } from "../../src/base/index.ts";
import type { Outputs } from "../../src/contract/index.ts";
import type { Database } from "../../src/db/index.ts";
import { createOutputs, type MetricOutputs } from "../../src/outputs/index.ts";
import { type MetricSeries, openTelemetry, type Telemetry } from "../../src/telemetry/index.ts";
import { createVault, generateMasterKey, type Vault } from "../../src/vault/index.ts";
import type { OpenedDatabase } from "./databases.ts";
import { readWriteRequest } from "./metric-messages.ts";
import { type MetricReceiver, startMetricReceiver } from "./metric-receiver.ts";
import { quietLog } from "./quiet-log.ts";
import { createSettableClock, type SettableClock } from "./settable-clock.ts";

const start = Date.UTC(2026, 10, 20, 12);
export const minute = 60_000;
export const caller = { name: "alice" };
const lenient = { allowPrivate: true, allowedHosts: [] };

/** One integration's outputs on both stores, with a receiver beside them; a new one of each for each test. */
export interface OutputsWorld {
  readonly database: Database;
  readonly clock: SettableClock;
  readonly receiver: MetricReceiver;
  readonly outputs: MetricOutputs;
  readonly integrationId: string;
  readonly logLines: readonly string[];
  /** Another process on the same stores. */
  readonly openOutputs: (change?: Partial<Parameters<typeof createOutputs>[0]>) => MetricOutputs;
  /** Stores points as a run does that begins now and ends a minute later: [instance, minutes after the start, value]. */
  readonly run: (points: [string, number, number][], end?: "over" | "under way") => Promise<void>;
  /** What came by remote write: `instance minutes value`, in the order of coming. */
  readonly received: (requests?: MetricReceiver["requests"]) => string[];
  readonly deliver: (by?: MetricOutputs) => Promise<void>;
  readonly remoteWrite: () => Promise<NonNullable<Outputs["remoteWrite"]>>;
  readonly addRemoteWrite: (change?: object) => Promise<Outputs>;
}

/** Registers the hooks that open and close the world; what it holds is there from the first test on. */
export function useOutputsWorld(open: () => Promise<OpenedDatabase>): OutputsWorld {
  let opened: OpenedDatabase;
  let telemetry: Telemetry;
  let directory: string;
  let vault: Vault;
  let clock: SettableClock;
  let receiver: MetricReceiver;
  let poster: Poster;
  let outputs: MetricOutputs;
  let integrationId: string;
  let logLines: string[];

  before(async () => {
    opened = await open();
    directory = await mkdtemp(join(tmpdir(), "nepho-outputs-"));
    clock = createSettableClock(start);
    telemetry = await openTelemetry({ directory, log: quietLog, clock });
    vault = await createVault({
      db: opened.database,
      masterKeys: [generateMasterKey(systemRandom)],
      clock,
      random: systemRandom,
      log: quietLog,
    });
  });
  after(async () => {
    await telemetry.close();
    await opened.dispose();
    await rm(directory, { recursive: true, force: true });
  });
  beforeEach(async () => {
    clock = createSettableClock(start);
    logLines = [];
    receiver = await startMetricReceiver();
    poster = createPoster({ policy: lenient, environment: {} });
    integrationId = await insertIntegration(opened.database);
    outputs = openOutputs();
  });
  afterEach(async () => {
    await outputs.delivery.stop();
    poster.close();
    await receiver.close();
  });

  const openOutputs: OutputsWorld["openOutputs"] = (change = {}) =>
    createOutputs({
      db: opened.database,
      vault,
      feed: telemetry.feed,
      poster,
      urlProblem: (url) => receiverProblem(url, lenient),
      integrationExists: async (id) => {
        if (id !== integrationId) throw new AppError("integration_not_found");
      },
      clock,
      random: systemRandom,
      log: createLog({ level: "debug", write: (line) => logLines.push(line) }),
      ...change,
    });

  return {
    get database() {
      return opened.database;
    },
    get clock() {
      return clock;
    },
    get receiver() {
      return receiver;
    },
    get outputs() {
      return outputs;
    },
    get integrationId() {
      return integrationId;
    },
    get logLines() {
      return logLines;
    },
    openOutputs,
    run: async (points, end = "over") => {
      const began = clock.now();
      const batch = points.map(([instance, minutes, value]) => ({
        series: cpu(integrationId, instance),
        points: [{ timestampMs: start + minutes * minute, value }],
      }));
      const version = began + 1_000;
      await telemetry.metrics.merge(batch, { version, fromMs: start - 1e9, toMs: start + 1e9 });
      clock.advance(minute);
      await insertRun(opened.database, integrationId, began, end === "over" ? clock.now() : null);
    },
    received: (requests = receiver.requests) =>
      requests.flatMap(({ body }) =>
        readWriteRequest(body).flatMap(({ labels, samples }) =>
          samples.map(([value, at]) => {
            return `${new Map(labels).get("dimension_InstanceId")} ${(at - start) / minute} ${value}`;
          }),
        ),
      ),
    deliver: async (by = outputs) => {
      await by.delivery.kick();
      await by.delivery.idle();
    },
    remoteWrite: async () => {
      const { remoteWrite: target } = await outputs.get(integrationId);
      assert.ok(target);
      return target;
    },
    addRemoteWrite: (change = {}) =>
      outputs.update(integrationId, { remoteWrite: { url: receiver.url, ...change } }, caller),
  };
}

const cpu = (integrationId: string, instance: string): MetricSeries => ({
  integrationId,
  accountId: "111122223333",
  region: "us-east-1",
  namespace: "AWS/EC2",
  metricName: "CPUUtilization",
  statistic: "Average",
  periodSeconds: 300,
  dimensions: { InstanceId: instance },
  unit: "Percent",
  tags: {},
});

async function insertRun(
  { kysely }: Database,
  integrationId: string,
  began: number,
  ended: number | null,
): Promise<void> {
  const values = {
    id: systemRandom.uuid(),
    integration_id: integrationId,
    job_id: "job",
    state: ended === null ? "running" : "succeeded",
    trigger: "schedule",
    worker_id: "worker",
    started_at: new Date(began),
    finished_at: ended === null ? null : new Date(ended),
    lease_until: new Date(began + 1e6),
    metrics_listed: 0,
    series_stored: 0,
    points_stored: 0,
    api_calls: "{}",
    cost_usd: 0,
  };
  await kysely
    .insertInto("runs")
    .values(values as never)
    .execute();
}

async function insertIntegration({ kysely }: Database): Promise<string> {
  const id = systemRandom.uuid();
  await sql`insert into integrations (id, name, service, config, role_arn, external_id, additional_tags,
    refresh_minutes, disabled, disabled_by_error, created_at, created_by, updated_at, updated_by, consecutive_failures)
    values (${id}, 'test', 'CLOUDWATCH', '{}', '', '', '{}', 5, false, false, now(), 'a', now(), 'a', 0)`.execute(
    kysely,
  );
  return id;
}
