-- Cloud integrations, their runs, and how far each one's data is stored. New tables only: older servers are not affected.

create table integrations (
  id uuid primary key,
  name text not null,
  service text not null,
  -- The type's own settings, without role and external ID.
  config jsonb not null,
  role_arn text not null,
  external_id text not null,
  credential_id uuid,
  reuse_external_id_credential text,
  additional_tags jsonb not null,
  refresh_minutes integer not null,
  disabled boolean not null,
  disabled_by_error boolean not null,
  trashed_at timestamptz,
  created_at timestamptz not null,
  created_by text not null,
  updated_at timestamptz not null,
  updated_by text not null,
  last_received_point_at timestamptz,
  last_metric_count integer,
  last_processed_at timestamptz,
  last_processor_id text,
  last_error text,
  last_error_at timestamptz,
  last_error_event jsonb,
  consecutive_failures integer not null,
  -- Null: nothing is due (disabled, in the trash).
  next_run_at timestamptz
);
create index integrations_due on integrations (next_run_at) where next_run_at is not null;
create index integrations_credential on integrations (credential_id) where credential_id is not null;
create index integrations_external_id on integrations (external_id) where external_id <> '';

create table runs (
  id uuid primary key,
  integration_id uuid not null references integrations (id) on delete cascade,
  -- Id of the job in the queue, to release it when the run is found abandoned.
  job_id text not null,
  state text not null,
  trigger text not null,
  worker_id text not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  -- A running run whose lease is over has lost its worker.
  lease_until timestamptz not null,
  window_from timestamptz,
  window_to timestamptz,
  metrics_listed integer not null,
  series_stored integer not null,
  points_stored integer not null,
  api_calls jsonb not null,
  cost_usd double precision not null,
  error jsonb
);
-- The last word on "never two at once", whatever the queue does.
create unique index runs_one_running on runs (integration_id) where state = 'running';
create index runs_by_integration on runs (integration_id, started_at desc, id);
create index runs_by_start on runs (started_at desc, id);

create table checkpoints (
  integration_id uuid not null references integrations (id) on delete cascade,
  -- What the type counts separately: a region, for CLOUDWATCH.
  scope text not null,
  -- Everything before this time is stored.
  stored_to timestamptz not null,
  -- Times that the window after it came back incomplete.
  incomplete_tries integer not null,
  primary key (integration_id, scope)
);
