import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { createIngestMetrics, type IngestMetrics } from "./ingest-metrics.ts";

/** What the collector and the AWS clients report, by shape. */
export interface ServiceMetrics extends IngestMetrics {
  readonly registry: Registry;
  run(run: {
    state: string;
    points: number;
    startDelayMs: number;
    durationMs: number;
    costUsd: number;
  }): void;
  apiCall(call: {
    service: string;
    operation: string;
    region: string;
    ok: boolean;
    throttled?: boolean;
    durationMs: number;
  }): void;
  /** A call that was let through to AWS, after so long a wait for its turn. */
  paced(wait: { operation: string; waitMs: number }): void;
  /** Points that a receiver of collected metrics was sent, and what became of them. */
  sent(points: { kind: string; points: number; refused: number; rejected: number }): void;
  /** Asked at every scrape; how far behind the sending is. */
  watchOutputs(list: () => Promise<readonly OutputGauge[]>): void;
  /** Asked at every scrape; whether each credential works and when that was last seen. */
  watchCredentials(list: () => Promise<readonly CredentialGauge[]>): void;
}

export interface OutputGauge {
  readonly integrationId: string;
  readonly kind: string;
  readonly lagSeconds: number;
  readonly failures: number;
}

export interface CredentialGauge {
  readonly id: string;
  readonly name: string;
  readonly method: string;
  readonly status: string;
  readonly testedAt: Date | null;
}

/** The registry behind `/metrics`, with what does not come from HTTP requests. */
export function createServiceMetrics(): ServiceMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "nephoscope_" });
  const registers = [registry];
  const runs = new Counter({
    name: "nephoscope_runs_total",
    help: "Runs of integrations that ended, by state.",
    labelNames: ["state"],
    registers,
  });
  const runDurations = new Histogram({
    name: "nephoscope_run_duration_seconds",
    help: "Duration of runs of integrations.",
    buckets: [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 900],
    registers,
  });
  const startDelays = new Histogram({
    name: "nephoscope_run_start_delay_seconds",
    help: "Time from when a run of an integration was due to its start.",
    buckets: [0.5, 1, 2, 5, 10, 30, 60, 300, 900],
    registers,
  });
  const points = new Counter({
    name: "nephoscope_points_stored_total",
    help: "Metric points that were stored and synced.",
    registers,
  });
  const cost = new Counter({
    name: "nephoscope_aws_cost_usd_total",
    help: "Estimated list price of the AWS calls of runs, in US dollars.",
    registers,
  });
  const calls = new Counter({
    name: "nephoscope_aws_calls_total",
    help: "Calls to AWS by service, operation, region and outcome: ok, throttled or error.",
    labelNames: ["service", "operation", "region", "outcome"],
    registers,
  });
  const waits = new Histogram({
    name: "nephoscope_aws_wait_seconds",
    help: "Time that calls of runs wait for their turn, so that AWS's quotas are kept, by operation.",
    labelNames: ["operation"],
    buckets: [0.001, 0.01, 0.1, 0.5, 1, 5, 10, 30, 60],
    registers,
  });
  const rolesAssumed = new Counter({
    name: "nephoscope_assume_role_total",
    help: "Roles assumed at AWS STS, by operation and outcome; keys that are at hand are used without asking again.",
    labelNames: ["operation", "outcome"],
    registers,
  });
  const sent = new Counter({
    name: "nephoscope_output_points_total",
    help: "Points sent to receivers of collected metrics, by kind of receiver and outcome: stored, refused or rejected.",
    labelNames: ["kind", "outcome"],
    registers,
  });
  return {
    registry,
    ...createIngestMetrics(registry),
    sent: ({ kind, points, refused, rejected }) => {
      sent.inc({ kind, outcome: "stored" }, points);
      sent.inc({ kind, outcome: "refused" }, refused);
      sent.inc({ kind, outcome: "rejected" }, rejected);
    },
    watchOutputs: (list) => watchOutputs(registry, list),
    run: (run) => {
      runs.inc({ state: run.state });
      runDurations.observe(run.durationMs / 1000);
      startDelays.observe(run.startDelayMs / 1000);
      points.inc(run.points);
      cost.inc(run.costUsd);
    },
    apiCall: ({ service, operation, region, ok, throttled = false }) => {
      const outcome = ok ? "ok" : throttled ? "throttled" : "error";
      calls.inc({ service, operation, region, outcome });
      if (operation.startsWith("AssumeRole")) rolesAssumed.inc({ operation, outcome });
    },
    paced: ({ operation, waitMs }) => waits.observe({ operation }, waitMs / 1000),
    watchCredentials: (list) => watchCredentials(registry, list),
  };
}

function watchOutputs(registry: Registry, list: () => Promise<readonly OutputGauge[]>): void {
  const labelNames = ["integration", "kind"] as const;
  const registers = [registry];
  new Gauge({
    name: "nephoscope_output_lag_seconds",
    help: "For how long stored points have waited to be sent to a receiver; 0 when all are sent.",
    labelNames,
    registers,
    async collect() {
      const outputs = await list();
      this.reset();
      for (const { integrationId, kind, lagSeconds } of outputs) {
        this.set({ integration: integrationId, kind }, lagSeconds);
      }
    },
  });
  new Gauge({
    name: "nephoscope_output_failures",
    help: "Failed attempts in a row to send to a receiver; 0 when the last one went well.",
    labelNames,
    registers,
    async collect() {
      const outputs = await list();
      this.reset();
      for (const { integrationId, kind, failures } of outputs) {
        this.set({ integration: integrationId, kind }, failures);
      }
    },
  });
}

function watchCredentials(registry: Registry, list: () => Promise<readonly CredentialGauge[]>): void {
  const labelNames = ["credential", "name", "method"] as const;
  const labelsOf = ({ id, name, method }: CredentialGauge) => ({ credential: id, name, method });
  const registers = [registry];
  new Gauge({
    name: "nephoscope_credential_test_status",
    help: "1 for the outcome of the credential's last test: ok, partial, failed or untested.",
    labelNames: [...labelNames, "status"],
    registers,
    async collect() {
      const credentials = await list();
      this.reset();
      for (const credential of credentials) {
        this.set({ ...labelsOf(credential), status: credential.status }, 1);
      }
    },
  });
  new Gauge({
    name: "nephoscope_credential_tested_timestamp_seconds",
    help: "When the credential was last tested; 0 when it never was.",
    labelNames,
    registers,
    async collect() {
      const credentials = await list();
      this.reset();
      for (const credential of credentials) {
        this.set(labelsOf(credential), (credential.testedAt?.getTime() ?? 0) / 1000);
      }
    },
  });
}
