-- What senders of logs got wrong, and who is storing a request that may be sent twice. New tables only: older servers are
-- not affected.

-- Counted per group, API key (empty for other callers) and reason. By the group's name, as it outlives the group: a sender that
-- names a group that is gone is what somebody will look for.
create table ingest_rejections (
  group_name text not null,
  key_id text not null,
  reason text not null,
  count bigint not null,
  last_at timestamptz not null,
  -- The beginning of the last one.
  last_sample text not null,
  primary key (group_name, key_id, reason)
);
create index ingest_rejections_last on ingest_rejections (last_at);

-- Requests with an Idempotency-Key, where several processes share the stores: whoever inserts the row stores the events.
create table ingest_claims (
  -- 64 bits of a digest over the caller's key, log group, log stream and Idempotency-Key.
  digest bigint primary key,
  claimed_at timestamptz not null,
  -- The events are on disk.
  stored boolean not null
);
create index ingest_claims_claimed on ingest_claims (claimed_at);
