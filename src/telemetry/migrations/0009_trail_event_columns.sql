-- More of what audit records are looked up by. Every statement may run twice, because ClickHouse has no transaction around them.

-- Rows that were written before get the values out of `record` when they are read. A call whose outcome never came counts as
-- failed, as it is shown; unlike the other columns error_code therefore differs between the two rows of a call.
ALTER TABLE trail_events
  ADD COLUMN IF NOT EXISTS credential_id LowCardinality(String) DEFAULT JSONExtractString(record, 'userIdentity', 'credentialId') AFTER access_key_id,
  ADD COLUMN IF NOT EXISTS source_ip String DEFAULT JSONExtractString(record, 'sourceIPAddress') CODEC(ZSTD(1)) AFTER credential_id,
  ADD COLUMN IF NOT EXISTS error_code LowCardinality(String) DEFAULT if(complete, JSONExtractString(record, 'errorCode'), 'OutcomeUnknown') AFTER source_ip;
