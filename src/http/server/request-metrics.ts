import { Gauge, Histogram, type Registry } from "prom-client";

export interface RequestMetrics {
  started(): void;
  finished(labels: { operation: string; status: number }, tookMs: number): void;
}

/** Shared by both listeners of a process: the registry knows each metric once. */
export function createRequestMetrics(registry: Registry, listener: "console" | "endpoint"): RequestMetrics {
  const durations = durationHistogram(registry);
  const inFlight = inFlightGauge(registry);
  return {
    started: () => inFlight.inc({ listener }),
    finished: ({ operation, status }, tookMs) => {
      inFlight.dec({ listener });
      durations.observe({ listener, operation, status: String(status) }, tookMs / 1000);
    },
  };
}

const durationName = "nephoscope_http_request_duration_seconds";
const inFlightName = "nephoscope_http_requests_in_flight";

function durationHistogram(registry: Registry) {
  const known = registry.getSingleMetric(durationName);
  if (known) return known as Histogram<"listener" | "operation" | "status">;
  return new Histogram({
    name: durationName,
    help: "Time from the last header of a request to the end of the answer, by operation and status.",
    labelNames: ["listener", "operation", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
}

function inFlightGauge(registry: Registry) {
  const known = registry.getSingleMetric(inFlightName);
  if (known) return known as Gauge<"listener">;
  return new Gauge({
    name: inFlightName,
    help: "Requests that are being answered.",
    labelNames: ["listener"],
    registers: [registry],
  });
}
