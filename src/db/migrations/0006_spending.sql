-- What calls to AWS cost, by the day, and integrations that wait because their monthly cap is reached. A new table and new
-- columns that may be null: older servers are not affected.

-- Rows are only ever added to. There is no reference to integrations or credentials: what was spent stays when they go.
create table spending (
  -- In UTC, as AWS's bill.
  day date not null,
  -- Empty for previews and connection tests.
  integration_id text not null,
  -- Empty for the server's own identity.
  credential_id text not null,
  -- Empty where it was not asked for.
  account_id text not null,
  region text not null,
  operation text not null,
  calls bigint not null,
  -- By AWS's two ways of counting statistics.
  metrics_low bigint not null,
  metrics_high bigint not null,
  usd_low double precision not null,
  usd_high double precision not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (day, integration_id, credential_id, account_id, region, operation)
);
create index spending_of_integration on spending (integration_id, day);

alter table integrations
  -- Null: not paused.
  add column paused_until timestamptz,
  add column paused_reason text,
  -- Whose cap it is.
  add column paused_by text check (paused_by in ('integration', 'server'));
