-- Log groups and streams. The events themselves are in the telemetry store, under the ids given here, which are therefore
-- never used again. New tables only: older servers are not affected.

create table log_groups (
  id integer generated always as identity primary key,
  -- Listed in the order of bytes, as AWS does, whatever the database's locale.
  name text collate "C" not null,
  created_at timestamptz not null,
  -- Null: kept for ever.
  retention_days integer check (retention_days > 0),
  bearer_enabled boolean not null,
  deletion_protection boolean not null,
  class text not null check (class in ('STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY')),
  tags jsonb not null,
  -- Refreshed by a chore from what is stored.
  stored_bytes bigint not null default 0,
  -- Hidden since then; the row stays until the last of its events is gone.
  deleted_at timestamptz
);
create unique index log_groups_name on log_groups (name) where deleted_at is null;

create table log_streams (
  id bigint generated always as identity primary key,
  group_id integer not null references log_groups (id) on delete cascade,
  name text collate "C" not null,
  created_at timestamptz not null,
  -- Epoch milliseconds of the events that were stored; null before the first.
  first_event_ms bigint,
  last_event_ms bigint,
  last_ingestion_ms bigint,
  deleted_at timestamptz
);
create unique index log_streams_name on log_streams (group_id, name) where deleted_at is null;
create index log_streams_last_event on log_streams (group_id, coalesce(last_event_ms, -1), name)
  where deleted_at is null;
create index log_streams_deleted on log_streams (group_id, id) where deleted_at is not null;

-- What is stored of a group by the day of ingestion (days since 1970): the size of a group, and what retention has to
-- look at, without reading the events.
create table log_group_days (
  group_id integer not null references log_groups (id) on delete cascade,
  day integer not null,
  events bigint not null,
  bytes bigint not null,
  primary key (group_id, day)
);
create index log_group_days_day on log_group_days (day);

-- How far chores over the events have come, in epoch milliseconds of ingestion.
create table log_positions (
  chore text primary key,
  done_to_ms bigint not null
);
