-- How each account of an integration is doing. A new table only: older servers are not affected.

create table integration_accounts (
  integration_id uuid not null references integrations (id) on delete cascade,
  account_id text not null,
  name text,
  -- Null when the credential itself belongs to the account.
  role_arn text,
  origin text not null,
  state text not null,
  last_error text,
  last_error_at timestamptz,
  last_run_at timestamptz,
  last_data_at timestamptz,
  metrics integer,
  primary key (integration_id, account_id)
);
