import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** One request with log events that is over, by shape. */
export interface IngestedRequest {
  readonly format: string;
  readonly status: number;
  readonly events: number;
  readonly bytes: number;
  /** Events that were not stored, by reason. */
  readonly left: readonly { readonly reason: string; readonly count: number }[];
  readonly durationMs: number;
}

export interface IngestMetrics {
  ingested(request: IngestedRequest): void;
  /** Asked at every scrape, as is the next. */
  watchAudit(lost: () => number): void;
  watchRemoval(failures: () => number): void;
}

export function createIngestMetrics(registry: Registry): IngestMetrics {
  const registers = [registry];
  const durations = new Histogram({
    name: "nephoscope_ingest_duration_seconds",
    help: "Time from the head of a request with log events to its answer, by format and status.",
    labelNames: ["format", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const events = new Counter({
    name: "nephoscope_ingest_events_total",
    help: "Log events that were stored and synced, by format.",
    labelNames: ["format"],
    registers,
  });
  const bytes = new Counter({
    name: "nephoscope_ingest_bytes_total",
    help: "Bytes of the messages of log events that were stored and synced, by format.",
    labelNames: ["format"],
    registers,
  });
  const rejected = new Counter({
    name: "nephoscope_ingest_rejected_events_total",
    help: "Log events that were not stored, by format and reason.",
    labelNames: ["format", "reason"],
    registers,
  });
  return {
    ingested: (request) => {
      const { format } = request;
      durations.observe({ format, status: String(request.status) }, request.durationMs / 1000);
      events.inc({ format }, request.events);
      bytes.inc({ format }, request.bytes);
      for (const { reason, count } of request.left) rejected.inc({ format, reason }, count);
    },
    watchRemoval: (failures) => {
      new Gauge({
        name: "nephoscope_log_removal_failures",
        help: "Times since the start that log events past retention, or deleted ones, could not be removed from disk or counted for it.",
        registers,
        collect() {
          this.set(failures());
        },
      });
    },
    watchAudit: (lost) => {
      new Gauge({
        name: "nephoscope_audit_records_lost",
        help: "Records of uses of API keys that were lost since the start, because they came faster than they could be written.",
        registers,
        collect() {
          this.set(lost());
        },
      });
    },
  };
}
