-- The schema after all migrations. Written by `npm run generate`; do not edit.

table access_keys
  id uuid not null
  access_key_id text not null
  user_id uuid
  created_at timestamp with time zone not null
  status text not null default 'Active'::text
  last_used_at timestamp with time zone
  last_used_service text
  last_used_region text
  constraint access_keys_pkey PRIMARY KEY (id)
  constraint access_keys_status_check CHECK ((status = ANY (ARRAY['Active'::text, 'Inactive'::text])))
  constraint access_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
  CREATE UNIQUE INDEX access_keys_access_key_id_key ON access_keys USING btree (access_key_id)
  CREATE UNIQUE INDEX access_keys_pkey ON access_keys USING btree (id)
  CREATE INDEX access_keys_user_id_idx ON access_keys USING btree (user_id)

table change_counters
  family text not null
  count bigint not null
  constraint change_counters_pkey PRIMARY KEY (family)
  CREATE UNIQUE INDEX change_counters_pkey ON change_counters USING btree (family)

table checkpoints
  integration_id uuid not null
  scope text not null
  stored_to timestamp with time zone not null
  started_at timestamp with time zone not null
  asked_at timestamp with time zone not null
  metrics integer not null default 0
  readings jsonb not null default '[]'::jsonb
  trouble jsonb
  listing jsonb
  known_metrics bytea
  constraint checkpoints_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integrations(id) ON DELETE CASCADE
  constraint checkpoints_pkey PRIMARY KEY (integration_id, scope)
  CREATE UNIQUE INDEX checkpoints_pkey ON checkpoints USING btree (integration_id, scope)

table credential_tests
  id bigint not null generated always as identity
  credential_id uuid not null
  overall text not null
  started_by text not null
  tested_at timestamp with time zone not null
  took_ms double precision not null
  failed_step jsonb
  constraint credential_tests_credential_id_fkey FOREIGN KEY (credential_id) REFERENCES credentials(id) ON DELETE CASCADE
  constraint credential_tests_overall_check CHECK ((overall = ANY (ARRAY['ok'::text, 'partial'::text, 'failed'::text])))
  constraint credential_tests_pkey PRIMARY KEY (id)
  constraint credential_tests_started_by_check CHECK ((started_by = ANY (ARRAY['manual'::text, 'schedule'::text])))
  CREATE INDEX credential_tests_of ON credential_tests USING btree (credential_id, id)
  CREATE UNIQUE INDEX credential_tests_pkey ON credential_tests USING btree (id)

table credentials
  id uuid not null
  name text not null
  description text not null
  method text not null
  region text not null
  settings jsonb not null
  secrets jsonb not null
  access_key_id_masked text
  key_fingerprint text
  status text not null
  tested_at timestamp with time zone
  last_test jsonb
  read_only boolean not null
  version integer not null
  created_at timestamp with time zone not null
  created_by text not null
  updated_at timestamp with time zone not null
  updated_by text not null
  constraint credentials_pkey PRIMARY KEY (id)
  constraint credentials_status_check CHECK ((status = ANY (ARRAY['untested'::text, 'ok'::text, 'partial'::text, 'failed'::text])))
  CREATE INDEX credentials_key_fingerprint ON credentials USING btree (key_fingerprint) WHERE (key_fingerprint IS NOT NULL)
  CREATE UNIQUE INDEX credentials_name_unique ON credentials USING btree (lower(name))
  CREATE UNIQUE INDEX credentials_pkey ON credentials USING btree (id)
  CREATE INDEX credentials_tested_at ON credentials USING btree (tested_at NULLS FIRST)

table data_keys
  id uuid not null
  kind text not null
  record_id text not null
  master_key_id text not null
  wrapped bytea not null
  rotation_id uuid
  created_at timestamp with time zone not null
  constraint data_keys_master_key_id_fkey FOREIGN KEY (master_key_id) REFERENCES master_keys(key_id)
  constraint data_keys_pkey PRIMARY KEY (id)
  constraint data_keys_record_unique UNIQUE (kind, record_id)
  CREATE INDEX data_keys_master_key ON data_keys USING btree (master_key_id)
  CREATE UNIQUE INDEX data_keys_pkey ON data_keys USING btree (id)
  CREATE UNIQUE INDEX data_keys_record_unique ON data_keys USING btree (kind, record_id)

table external_ids
  id text not null
  created_at timestamp with time zone not null
  created_by text not null
  for_record text
  used_at timestamp with time zone
  constraint external_ids_pkey PRIMARY KEY (id)
  CREATE UNIQUE INDEX external_ids_pkey ON external_ids USING btree (id)
  CREATE INDEX external_ids_unused ON external_ids USING btree (created_at) WHERE (used_at IS NULL)

table gaps
  id uuid not null
  integration_id uuid not null
  scope text not null
  window_from timestamp with time zone not null
  window_to timestamp with time zone not null
  first_metric text
  last_metric text
  metrics integer not null
  reason text not null
  detail text not null
  recorded_at timestamp with time zone not null
  constraint gaps_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integrations(id) ON DELETE CASCADE
  constraint gaps_pkey PRIMARY KEY (id)
  CREATE INDEX gaps_by_integration ON gaps USING btree (integration_id, window_from)
  CREATE INDEX gaps_by_time ON gaps USING btree (window_from DESC, id)
  CREATE UNIQUE INDEX gaps_pkey ON gaps USING btree (id)

table ingest_claims
  digest bigint not null
  claimed_at timestamp with time zone not null
  stored boolean not null
  constraint ingest_claims_pkey PRIMARY KEY (digest)
  CREATE INDEX ingest_claims_claimed ON ingest_claims USING btree (claimed_at)
  CREATE UNIQUE INDEX ingest_claims_pkey ON ingest_claims USING btree (digest)

table ingest_rejections
  group_name text not null
  key_id text not null
  reason text not null
  count bigint not null
  last_at timestamp with time zone not null
  last_sample text not null
  constraint ingest_rejections_pkey PRIMARY KEY (group_name, key_id, reason)
  CREATE INDEX ingest_rejections_last ON ingest_rejections USING btree (last_at)
  CREATE UNIQUE INDEX ingest_rejections_pkey ON ingest_rejections USING btree (group_name, key_id, reason)

table integration_accounts
  integration_id uuid not null
  account_id text not null
  name text
  role_arn text
  origin text not null
  state text not null
  last_error text
  last_error_at timestamp with time zone
  last_run_at timestamp with time zone
  last_data_at timestamp with time zone
  metrics integer
  constraint integration_accounts_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integrations(id) ON DELETE CASCADE
  constraint integration_accounts_pkey PRIMARY KEY (integration_id, account_id)
  CREATE UNIQUE INDEX integration_accounts_pkey ON integration_accounts USING btree (integration_id, account_id)

table integrations
  id uuid not null
  name text not null
  service text not null
  config jsonb not null
  role_arn text not null
  external_id text not null
  credential_id uuid
  reuse_external_id_credential text
  additional_tags jsonb not null
  refresh_minutes integer not null
  disabled boolean not null
  disabled_by_error boolean not null
  trashed_at timestamp with time zone
  created_at timestamp with time zone not null
  created_by text not null
  updated_at timestamp with time zone not null
  updated_by text not null
  last_received_point_at timestamp with time zone
  last_metric_count integer
  last_processed_at timestamp with time zone
  last_processor_id text
  last_error text
  last_error_at timestamp with time zone
  last_error_event jsonb
  consecutive_failures integer not null
  next_run_at timestamp with time zone
  paused_until timestamp with time zone
  paused_reason text
  paused_by text
  constraint integrations_paused_by_check CHECK ((paused_by = ANY (ARRAY['integration'::text, 'server'::text])))
  constraint integrations_pkey PRIMARY KEY (id)
  CREATE INDEX integrations_credential ON integrations USING btree (credential_id) WHERE (credential_id IS NOT NULL)
  CREATE INDEX integrations_due ON integrations USING btree (next_run_at) WHERE (next_run_at IS NOT NULL)
  CREATE INDEX integrations_external_id ON integrations USING btree (external_id) WHERE (external_id <> ''::text)
  CREATE UNIQUE INDEX integrations_pkey ON integrations USING btree (id)

table log_group_days
  group_id integer not null
  day integer not null
  events bigint not null
  bytes bigint not null
  constraint log_group_days_group_id_fkey FOREIGN KEY (group_id) REFERENCES log_groups(id) ON DELETE CASCADE
  constraint log_group_days_pkey PRIMARY KEY (group_id, day)
  CREATE INDEX log_group_days_day ON log_group_days USING btree (day)
  CREATE UNIQUE INDEX log_group_days_pkey ON log_group_days USING btree (group_id, day)

table log_groups
  id integer not null generated always as identity
  name text not null
  created_at timestamp with time zone not null
  retention_days integer
  bearer_enabled boolean not null
  deletion_protection boolean not null
  class text not null
  tags jsonb not null
  stored_bytes bigint not null default 0
  deleted_at timestamp with time zone
  constraint log_groups_class_check CHECK ((class = ANY (ARRAY['STANDARD'::text, 'INFREQUENT_ACCESS'::text, 'DELIVERY'::text])))
  constraint log_groups_pkey PRIMARY KEY (id)
  constraint log_groups_retention_days_check CHECK ((retention_days > 0))
  CREATE UNIQUE INDEX log_groups_name ON log_groups USING btree (name) WHERE (deleted_at IS NULL)
  CREATE UNIQUE INDEX log_groups_pkey ON log_groups USING btree (id)

table log_positions
  chore text not null
  done_to_ms bigint not null
  constraint log_positions_pkey PRIMARY KEY (chore)
  CREATE UNIQUE INDEX log_positions_pkey ON log_positions USING btree (chore)

table log_streams
  id bigint not null generated always as identity
  group_id integer not null
  name text not null
  created_at timestamp with time zone not null
  first_event_ms bigint
  last_event_ms bigint
  last_ingestion_ms bigint
  deleted_at timestamp with time zone
  constraint log_streams_group_id_fkey FOREIGN KEY (group_id) REFERENCES log_groups(id) ON DELETE CASCADE
  constraint log_streams_pkey PRIMARY KEY (id)
  CREATE INDEX log_streams_deleted ON log_streams USING btree (group_id, id) WHERE (deleted_at IS NOT NULL)
  CREATE INDEX log_streams_last_event ON log_streams USING btree (group_id, COALESCE(last_event_ms, ('-1'::integer)::bigint), name) WHERE (deleted_at IS NULL)
  CREATE UNIQUE INDEX log_streams_name ON log_streams USING btree (group_id, name) WHERE (deleted_at IS NULL)
  CREATE UNIQUE INDEX log_streams_pkey ON log_streams USING btree (id)

table master_keys
  key_id text not null
  canary bytea not null
  created_at timestamp with time zone not null
  constraint master_keys_pkey PRIMARY KEY (key_id)
  CREATE UNIQUE INDEX master_keys_pkey ON master_keys USING btree (key_id)

table metric_output_targets
  integration_id uuid not null
  kind text not null
  url text not null
  send_changes boolean not null
  header_names jsonb not null
  has_authorization boolean not null
  secret_version integer not null
  sent_to timestamp with time zone not null
  position jsonb
  sent_points bigint not null
  dropped jsonb not null
  last_sent_at timestamp with time zone
  last_error text
  last_error_at timestamp with time zone
  failures integer not null
  retry_at timestamp with time zone
  leased_by text
  lease_until timestamp with time zone
  constraint metric_output_targets_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES metric_outputs(integration_id) ON DELETE CASCADE
  constraint metric_output_targets_kind_check CHECK ((kind = ANY (ARRAY['remote-write'::text, 'otlp'::text])))
  constraint metric_output_targets_pkey PRIMARY KEY (integration_id, kind)
  CREATE UNIQUE INDEX metric_output_targets_pkey ON metric_output_targets USING btree (integration_id, kind)

table metric_outputs
  integration_id uuid not null
  open_metrics boolean not null
  naming jsonb not null
  updated_at timestamp with time zone not null
  updated_by text not null
  constraint metric_outputs_pkey PRIMARY KEY (integration_id)
  CREATE UNIQUE INDEX metric_outputs_pkey ON metric_outputs USING btree (integration_id)

table owed_windows
  id uuid not null
  integration_id uuid not null
  scope text not null
  window_from timestamp with time zone not null
  window_to timestamp with time zone not null
  from_key text
  to_key text
  first_metric text
  last_metric text
  metrics integer not null
  reading integer not null
  reason text not null
  detail text not null
  tries integer not null
  due_at timestamp with time zone not null
  owed_since timestamp with time zone not null
  constraint owed_windows_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integrations(id) ON DELETE CASCADE
  constraint owed_windows_pkey PRIMARY KEY (id)
  CREATE INDEX owed_windows_by_scope ON owed_windows USING btree (integration_id, scope, window_from)
  CREATE INDEX owed_windows_by_time ON owed_windows USING btree (reading, window_from, id)
  CREATE UNIQUE INDEX owed_windows_pkey ON owed_windows USING btree (id)

table policies
  id uuid not null
  iam_id text not null
  name text not null
  path text not null
  description text
  default_version integer not null
  newest_version integer not null
  tags jsonb not null default '{}'::jsonb
  created_at timestamp with time zone not null
  updated_at timestamp with time zone not null
  constraint policies_pkey PRIMARY KEY (id)
  CREATE UNIQUE INDEX policies_iam_id_key ON policies USING btree (iam_id)
  CREATE UNIQUE INDEX policies_name_key ON policies USING btree (lower(name))
  CREATE UNIQUE INDEX policies_pkey ON policies USING btree (id)

table policy_versions
  policy_id uuid not null
  version integer not null
  document text not null
  created_at timestamp with time zone not null
  constraint policy_versions_pkey PRIMARY KEY (policy_id, version)
  constraint policy_versions_policy_id_fkey FOREIGN KEY (policy_id) REFERENCES policies(id) ON DELETE CASCADE
  CREATE UNIQUE INDEX policy_versions_pkey ON policy_versions USING btree (policy_id, version)

table runs
  id uuid not null
  integration_id uuid not null
  job_id text not null
  state text not null
  trigger text not null
  worker_id text not null
  started_at timestamp with time zone not null
  finished_at timestamp with time zone
  lease_until timestamp with time zone not null
  window_from timestamp with time zone
  window_to timestamp with time zone
  metrics_listed integer not null
  series_stored integer not null
  points_stored integer not null
  api_calls jsonb not null
  cost_usd double precision not null
  error jsonb
  points_added integer not null default 0
  points_changed integer not null default 0
  windows_paid integer not null default 0
  windows_owed integer not null default 0
  constraint runs_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integrations(id) ON DELETE CASCADE
  constraint runs_pkey PRIMARY KEY (id)
  CREATE INDEX runs_by_integration ON runs USING btree (integration_id, started_at DESC, id)
  CREATE INDEX runs_by_start ON runs USING btree (started_at DESC, id)
  CREATE INDEX runs_in_trouble ON runs USING btree (started_at DESC, id) WHERE (state = ANY (ARRAY['partial'::text, 'failed'::text, 'abandoned'::text]))
  CREATE UNIQUE INDEX runs_one_running ON runs USING btree (integration_id) WHERE (state = 'running'::text)
  CREATE UNIQUE INDEX runs_pkey ON runs USING btree (id)

table schema_migrations
  number integer not null
  name text not null
  checksum text not null
  applied_at timestamp with time zone not null default now()
  constraint schema_migrations_pkey PRIMARY KEY (number)
  CREATE UNIQUE INDEX schema_migrations_pkey ON schema_migrations USING btree (number)

table sealed_secrets
  data_key_id uuid not null
  field text not null
  version integer not null
  sealed bytea not null
  constraint sealed_secrets_data_key_id_fkey FOREIGN KEY (data_key_id) REFERENCES data_keys(id) ON DELETE CASCADE
  constraint sealed_secrets_pkey PRIMARY KEY (data_key_id, field)
  CREATE UNIQUE INDEX sealed_secrets_pkey ON sealed_secrets USING btree (data_key_id, field)

table service_specific_credentials
  id uuid not null
  user_id uuid not null
  service_name text not null
  name text not null
  secret_hash text not null
  hint text not null
  created_at timestamp with time zone not null
  expires_at timestamp with time zone
  last_used_at timestamp with time zone
  credential_id text not null default ('ACCA'::text || upper(substr(replace((gen_random_uuid())::text, '-'::text, ''::text), 1, 17)))
  alias text
  status text not null default 'Active'::text
  constraint service_specific_credentials_pkey PRIMARY KEY (id)
  constraint service_specific_credentials_status_check CHECK ((status = ANY (ARRAY['Active'::text, 'Inactive'::text])))
  constraint service_specific_credentials_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
  CREATE UNIQUE INDEX service_specific_credentials_alias_key ON service_specific_credentials USING btree (service_name, alias)
  CREATE UNIQUE INDEX service_specific_credentials_credential_id_key ON service_specific_credentials USING btree (credential_id)
  CREATE UNIQUE INDEX service_specific_credentials_pkey ON service_specific_credentials USING btree (id)
  CREATE UNIQUE INDEX service_specific_credentials_secret_hash_key ON service_specific_credentials USING btree (secret_hash)
  CREATE INDEX service_specific_credentials_user_id_idx ON service_specific_credentials USING btree (user_id, service_name, created_at)

table sessions
  id_hash text not null
  user_id uuid not null
  created_at timestamp with time zone not null
  last_seen_at timestamp with time zone not null
  expires_at timestamp with time zone not null
  constraint sessions_pkey PRIMARY KEY (id_hash)
  constraint sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
  CREATE INDEX sessions_expires_at_idx ON sessions USING btree (expires_at)
  CREATE UNIQUE INDEX sessions_pkey ON sessions USING btree (id_hash)
  CREATE INDEX sessions_user_id_idx ON sessions USING btree (user_id, created_at)

table settings
  name text not null
  value jsonb not null
  updated_at timestamp with time zone not null
  updated_by text not null
  constraint settings_pkey PRIMARY KEY (name)
  CREATE UNIQUE INDEX settings_pkey ON settings USING btree (name)

table spending
  day date not null
  integration_id text not null
  credential_id text not null
  account_id text not null
  region text not null
  operation text not null
  calls bigint not null
  metrics_low bigint not null
  metrics_high bigint not null
  usd_low double precision not null
  usd_high double precision not null
  first_at timestamp with time zone not null
  last_at timestamp with time zone not null
  constraint spending_pkey PRIMARY KEY (day, integration_id, credential_id, account_id, region, operation)
  CREATE INDEX spending_of_integration ON spending USING btree (integration_id, day)
  CREATE UNIQUE INDEX spending_pkey ON spending USING btree (day, integration_id, credential_id, account_id, region, operation)

table trails
  name text not null
  s3_bucket_name text not null
  s3_key_prefix text
  include_global_service_events boolean not null
  is_multi_region boolean not null
  event_selectors jsonb
  advanced_event_selectors jsonb
  tags jsonb not null
  created_at timestamp with time zone not null
  is_logging boolean not null
  logging_started_at timestamp with time zone
  logging_stopped_at timestamp with time zone
  pauses jsonb not null
  position jsonb
  attempted_at timestamp with time zone
  delivered_at timestamp with time zone
  delivery_error text
  leased_by text
  lease_until timestamp with time zone
  constraint trails_pkey PRIMARY KEY (name)
  CREATE UNIQUE INDEX trails_pkey ON trails USING btree (name)

table user_inline_policies
  user_id uuid not null
  name text not null
  document text not null
  constraint user_inline_policies_pkey PRIMARY KEY (user_id, name)
  constraint user_inline_policies_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
  CREATE UNIQUE INDEX user_inline_policies_pkey ON user_inline_policies USING btree (user_id, name)

table user_policies
  user_id uuid not null
  policy_name text
  policy_id uuid
  constraint user_policies_one_policy CHECK ((num_nonnulls(policy_name, policy_id) = 1))
  constraint user_policies_policy_id_fkey FOREIGN KEY (policy_id) REFERENCES policies(id)
  constraint user_policies_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
  CREATE UNIQUE INDEX user_policies_name_key ON user_policies USING btree (user_id, policy_name)
  CREATE INDEX user_policies_policy_id_idx ON user_policies USING btree (policy_id)
  CREATE UNIQUE INDEX user_policies_policy_key ON user_policies USING btree (user_id, policy_id)
  CREATE INDEX user_policies_policy_name_idx ON user_policies USING btree (policy_name)

table users
  id uuid not null
  name text not null
  password_hash text
  created_at timestamp with time zone not null
  last_sign_in_at timestamp with time zone
  iam_id text not null default ('AIDA'::text || upper(substr(replace((gen_random_uuid())::text, '-'::text, ''::text), 1, 17)))
  path text not null default '/'::text
  tags jsonb not null default '{}'::jsonb
  password_created_at timestamp with time zone
  constraint users_pkey PRIMARY KEY (id)
  CREATE UNIQUE INDEX users_iam_id_key ON users USING btree (iam_id)
  CREATE UNIQUE INDEX users_name_key ON users USING btree (lower(name))
  CREATE UNIQUE INDEX users_pkey ON users USING btree (id)

table vault_rotations
  id uuid not null
  state text not null
  done integer not null
  total integer not null
  started_at timestamp with time zone not null
  beat_at timestamp with time zone not null
  finished_at timestamp with time zone
  message text
  constraint vault_rotations_pkey PRIMARY KEY (id)
  constraint vault_rotations_state_check CHECK ((state = ANY (ARRAY['running'::text, 'finished'::text, 'failed'::text])))
  CREATE UNIQUE INDEX vault_rotations_one_running ON vault_rotations USING btree (state) WHERE (state = 'running'::text)
  CREATE UNIQUE INDEX vault_rotations_pkey ON vault_rotations USING btree (id)
