/**
 * Collected metrics out: settings per integration, OpenMetrics text for scrapers, and delivery to receivers of Prometheus
 * remote write and OTLP. It never asks AWS, never slows collection down and never gives back a secret. Invariants: what is sent
 * is what is stored, in the order of time within a series; after any failure sending goes on where it was, with the last request
 * repeated at most; two workers never send to the same receiver at a time.
 */
export type { Delivery } from "./delivery/delivery.ts";
export { createOutputs, type MetricOutputs, type OutputsDeps, type TargetLag } from "./outputs.ts";
export { createTextExport, type TextExport, type TextExportDeps } from "./text/export.ts";
