-- Audit records. Every statement may run twice, because ClickHouse has no transaction around them.

-- A call that changes something is written twice: before it is made (complete = 0) and with its outcome (complete = 1),
-- which replaces the first row. Both have the time of the call, so they meet in one partition. `record` is the whole record
-- as JSON; the other columns are what it is looked up by, the same in both rows. recorded_at is the time of the writing:
-- whoever follows the records asks by it. By day, because a day is dropped as a whole when it is old.
CREATE TABLE IF NOT EXISTS trail_events (
  category LowCardinality(String),
  event_time DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  event_id UUID CODEC(ZSTD(1)),
  complete UInt8,
  recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  event_source LowCardinality(String),
  event_name LowCardinality(String),
  read_only Bool,
  user_name LowCardinality(String),
  access_key_id String CODEC(ZSTD(1)),
  resource_types Array(LowCardinality(String)),
  resource_names Array(String) CODEC(ZSTD(1)),
  record_bytes UInt32 CODEC(ZSTD(1)),
  record String CODEC(ZSTD(3)),
  INDEX by_recording recorded_at TYPE minmax GRANULARITY 1,
  INDEX by_id event_id TYPE bloom_filter(0.01) GRANULARITY 4
)
ENGINE = ReplacingMergeTree(complete)
PARTITION BY toYYYYMMDD(event_time)
ORDER BY (category, event_time, event_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1;
