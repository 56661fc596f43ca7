-- What later readings told that earlier ones did not: values that were replaced, and how late points come.
-- Older servers do not know these tables and are not disturbed by them.

-- One row per stored value that a later reading replaced. A change is written before its point, and again when
-- the writing of the point failed; so what makes it that change is its key, and the repetition replaces it.
CREATE TABLE IF NOT EXISTS metric_changes (
  integration_id LowCardinality(String),
  namespace LowCardinality(String),
  metric_name LowCardinality(String),
  series_id UUID CODEC(ZSTD(1)),
  timestamp DateTime('UTC') CODEC(DoubleDelta, ZSTD(1)),
  before Float64 CODEC(Gorilla, ZSTD(1)),
  after Float64 CODEC(Gorilla, ZSTD(1)),
  seen_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(seen_at)
PARTITION BY toYYYYMM(timestamp)
ORDER BY (integration_id, namespace, metric_name, series_id, timestamp, before, after)
TTL toDateTime(seen_at, 'UTC') + INTERVAL 90 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1;

-- Points by their age when they were first seen or changed: seconds after the end of their period, as the upper
-- bound of a bucket. `punctual` came with the first reading of their time, `late` with a later one.
CREATE TABLE IF NOT EXISTS metric_lateness (
  integration_id LowCardinality(String),
  namespace LowCardinality(String),
  metric_name LowCardinality(String),
  day Date,
  age_seconds UInt32,
  punctual UInt64,
  late UInt64,
  changed UInt64
)
ENGINE = SummingMergeTree((punctual, late, changed))
ORDER BY (integration_id, namespace, metric_name, day, age_seconds)
TTL day + INTERVAL 30 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1;
