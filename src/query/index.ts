/**
 * The read side of what was collected: finding metrics and querying series, within limits that keep one
 * reader from taking the server down. It never writes, and never invents a value: a bucket without data is
 * absent, not zero. CSV for spreadsheets is rendered here, too.
 */
export { csvLine, renderMetricsCsv } from "./csv.ts";
export {
  createMetricsQueries,
  defaultQueryLimits,
  type MetricsQueries,
  type QueryLimits,
} from "./metrics-queries.ts";
export { createOverview, type OverviewDeps } from "./overview.ts";
export { withOwnSeries } from "./own-series.ts";
