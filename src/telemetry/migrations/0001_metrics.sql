-- Metrics: what a series is, and its points. Every statement may run twice, because ClickHouse has no
-- transaction around them.

-- One row per series after merging. What identifies a series is hashed into series_id; the rest keeps
-- the latest value. first_seen and last_seen are times of points.
CREATE TABLE IF NOT EXISTS metric_series (
  series_id UUID,
  namespace LowCardinality(String),
  metric_name LowCardinality(String),
  integration_id SimpleAggregateFunction(any, LowCardinality(String)),
  account_id SimpleAggregateFunction(any, LowCardinality(String)),
  account_alias SimpleAggregateFunction(anyLast, LowCardinality(String)),
  region SimpleAggregateFunction(any, LowCardinality(String)),
  statistic SimpleAggregateFunction(any, LowCardinality(String)),
  period_seconds SimpleAggregateFunction(any, UInt32),
  dimensions SimpleAggregateFunction(any, Map(String, String)),
  unit SimpleAggregateFunction(anyLast, LowCardinality(String)),
  tags SimpleAggregateFunction(anyLast, Map(String, String)),
  source SimpleAggregateFunction(any, LowCardinality(String)),
  first_seen SimpleAggregateFunction(min, DateTime('UTC')),
  last_seen SimpleAggregateFunction(max, DateTime('UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (namespace, metric_name, series_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1;

-- A point that is read again replaces the earlier one when its version is higher or equal. By month:
-- writing 60 days at once took 25 ms instead of 151 ms by day, and reading them 6 ms instead of 53 ms.
CREATE TABLE IF NOT EXISTS metric_points (
  series_id UUID CODEC(ZSTD(1)),
  timestamp DateTime('UTC') CODEC(DoubleDelta, ZSTD(1)),
  value Float64 CODEC(Gorilla, ZSTD(1)),
  version UInt64 CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(timestamp)
ORDER BY (series_id, timestamp)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1;
