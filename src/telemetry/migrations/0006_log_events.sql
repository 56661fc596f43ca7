-- Log events. Every statement may run twice, because ClickHouse has no transaction around them.

-- By day of arrival, not of the event: a request arrives at one moment, so its events make one part, and a part is there as
-- a whole or not at all. An event is at most 14 days older and two hours younger than its arrival, which bounds the
-- partitions of a search by time. log_group_id and log_stream_id are those of the control plane and are never given twice.
-- Parts are merged twelve at a time instead of five: a fifth less work for each event that comes in, for some more parts to read.
-- sequence breaks ties, so that every event has one place; idempotency_key is 0 for requests that named none.
CREATE TABLE IF NOT EXISTS log_events (
  log_group_id UInt32 CODEC(ZSTD(1)),
  log_stream_id UInt64 CODEC(ZSTD(1)),
  timestamp Int64 CODEC(Delta, ZSTD(1)),
  ingestion_time Int64 CODEC(Delta, ZSTD(1)),
  sequence UInt64 CODEC(Delta, ZSTD(1)),
  idempotency_key UInt64 CODEC(ZSTD(1)),
  entity LowCardinality(String),
  message String CODEC(ZSTD(1)),
  INDEX by_arrival ingestion_time TYPE minmax GRANULARITY 1,
  INDEX by_idempotency_key idempotency_key TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY intDiv(ingestion_time, 86400000)
ORDER BY (log_group_id, timestamp, ingestion_time, sequence)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1,
  merge_selector_base = 12;
