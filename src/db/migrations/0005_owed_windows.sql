-- What collection owes: windows of time that were missed or are to be read again, and those that can no longer be had.
-- Older servers cannot go on with `checkpoints`: stop them before.

alter table runs
  add column points_added integer not null default 0,
  add column points_changed integer not null default 0,
  add column windows_paid integer not null default 0,
  add column windows_owed integer not null default 0;
create index runs_in_trouble on runs (started_at desc, id) where state in ('partial', 'failed', 'abandoned');

-- `stored_to` is now the end of the newest window that was read. What is missing before it is in owed_windows.
alter table checkpoints
  drop column incomplete_tries,
  -- Start of the very first window: nothing before it was ever wanted.
  add column started_at timestamptz,
  -- When the newest window was asked for.
  add column asked_at timestamptz,
  add column metrics integer not null default 0,
  -- Up to which time each deep re-reading has been noted in owed_windows, the first re-reading first.
  add column readings jsonb not null default '[]',
  -- Why the scope could not be read the last times: {reason, detail}. Null when it could.
  add column trouble jsonb,
  -- The last listing: {listedAt, names: {namespace: {name: [listed, selected]}}}.
  add column listing jsonb,
  -- Hashes of the metrics that have been read since they were first listed, eight bytes each.
  add column known_metrics bytea;
update checkpoints set started_at = stored_to, asked_at = stored_to;
alter table checkpoints alter column started_at set not null, alter column asked_at set not null;

create table owed_windows (
  id uuid primary key,
  integration_id uuid not null references integrations (id) on delete cascade,
  scope text not null,
  window_from timestamptz not null,
  window_to timestamptz not null,
  -- The metrics whose key lies from from_key up to, without, to_key; null is open.
  from_key text,
  to_key text,
  -- Namespace and name of the first and the last of them, and their number; null and 0 for all of the scope.
  first_metric text,
  last_metric text,
  metrics integer not null,
  -- 0: never read. 1, 2, 3…: the deep re-reading.
  reading integer not null,
  reason text not null,
  detail text not null,
  tries integer not null,
  due_at timestamptz not null,
  owed_since timestamptz not null
);
create index owed_windows_by_scope on owed_windows (integration_id, scope, window_from);
create index owed_windows_by_time on owed_windows (reading, window_from, id);

create table gaps (
  id uuid primary key,
  integration_id uuid not null references integrations (id) on delete cascade,
  scope text not null,
  window_from timestamptz not null,
  window_to timestamptz not null,
  first_metric text,
  last_metric text,
  metrics integer not null,
  reason text not null,
  detail text not null,
  recorded_at timestamptz not null
);
create index gaps_by_integration on gaps (integration_id, window_from);
create index gaps_by_time on gaps (window_from desc, id);
