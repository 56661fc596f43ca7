/**
 * The telemetry store: ClickHouse, inside this process or on a server, behind one client and one set of
 * statements. One file per family of tables; nothing outside this folder writes SQL for them. It never
 * retries and never decides what a query should cost. Invariants: what was acknowledged is on disk;
 * writing the same thing twice is the same as once; a value of a user reaches SQL as a parameter only.
 */

export type { EncodedLogEvents, LogEncoder, LogEventsOrigin } from "./log-encoder.ts";
export type { LogEvents } from "./log-events.ts";
export type { LogPurge } from "./log-purge.ts";
export {
  type LogArrivalsRequest,
  type LogMessageFilter,
  type LogPage,
  type LogPageRequest,
  type LogPlace,
  type LogReads,
  type LogSelection,
  logEventOverheadBytes,
  type StoredLogEvent,
} from "./log-reads.ts";
export type { LogTraffic, LogTrafficRow, StreamTrafficRow } from "./log-traffic.ts";
export type { MergeOptions, MergeResult } from "./merge.ts";
export type { Aggregation, BucketQuery, BucketSeries, SeriesOrigin } from "./metric-buckets.ts";
export type { MetricChangeRow, MetricKeyFilter } from "./metric-changes.ts";
export type { MetricDelayRow } from "./metric-delays.ts";
export type {
  ExportRequest,
  FamilyKey,
  MetricExport,
  MetricFamily,
  MetricScope,
  SettledScope,
} from "./metric-export.ts";
export type {
  FedSeries,
  FeedPosition,
  FeedRequest,
  FeedStretch,
  MetricFeed,
  SeriesDescription,
} from "./metric-feed.ts";
export type { SeriesFilter } from "./metric-filter.ts";
export type {
  DimensionSummary,
  MetricReads,
  MetricSummaryRow,
  NamespaceSummary,
  PageRequest,
  SelectionSummary,
  SeriesRow,
} from "./metric-reads.ts";
export type { MetricPoint, MetricSeries, SeriesPoints } from "./metric-rows.ts";
export type { Metrics } from "./metrics.ts";
export { type SeriesIdentity, seriesId } from "./series-id.ts";
export { openTelemetry, type Telemetry, type TelemetryOptions } from "./telemetry.ts";
export { type TrailEventRow, type TrailEvents, trailWriteMsMax } from "./trail-events.ts";
export type { FedTrailEvent, TrailFeedPage, TrailFeedPlace, TrailFeedRequest } from "./trail-feed.ts";
export type {
  StoredTrailEvent,
  TrailCategory,
  TrailEventFilter,
  TrailEventSearch,
  TrailPlace,
  TrailSearchPage,
} from "./trail-search.ts";
