import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";

/** What the collector and the AWS clients report, by shape. */
export interface ServiceMetrics {
  readonly registry: Registry;
  run(run: { state: string; points: number; durationMs: number; costUsd: number }): void;
  apiCall(call: {
    service: string;
    operation: string;
    region: string;
    ok: boolean;
    durationMs: number;
  }): void;
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
    help: "Calls to AWS by service, operation, region and outcome.",
    labelNames: ["service", "operation", "region", "outcome"],
    registers,
  });
  return {
    registry,
    run: (run) => {
      runs.inc({ state: run.state });
      runDurations.observe(run.durationMs / 1000);
      points.inc(run.points);
      cost.inc(run.costUsd);
    },
    apiCall: ({ service, operation, region, ok }) =>
      calls.inc({ service, operation, region, outcome: ok ? "ok" : "error" }),
  };
}
