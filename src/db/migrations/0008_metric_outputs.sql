-- Where collected metrics go besides our own store. New tables only: older servers are not affected.

-- One row per integration that offers or sends its metrics. Without a foreign key, as a cascade could not take the
-- sealed secrets along; rows of deleted integrations are removed by a chore.
create table metric_outputs (
  integration_id uuid primary key,
  open_metrics boolean not null,
  -- How metrics and labels are called in the Prometheus formats.
  naming jsonb not null,
  updated_at timestamptz not null,
  updated_by text not null
);

-- A receiver that points are sent to, and how far that is.
create table metric_output_targets (
  integration_id uuid not null references metric_outputs (integration_id) on delete cascade,
  kind text not null check (kind in ('remote-write', 'otlp')),
  url text not null,
  send_changes boolean not null,
  header_names jsonb not null,
  has_authorization boolean not null,
  -- Counted up with each sealing; 0: there is no secret.
  secret_version integer not null,
  -- Everything that was stored by runs that had ended by then is sent.
  sent_to timestamptz not null,
  -- Place within the stretch of time that is being sent; null between two stretches.
  position jsonb,
  sent_points bigint not null,
  dropped jsonb not null,
  last_sent_at timestamptz,
  last_error text,
  last_error_at timestamptz,
  -- Failed attempts in a row; nothing is tried before `retry_at`.
  failures integer not null,
  retry_at timestamptz,
  -- Who is sending; another may take over when the lease is over.
  leased_by text,
  lease_until timestamptz,
  primary key (integration_id, kind)
);
