-- Who may call us: users and their managed policies, console sessions, bearer tokens, access keys, and the small
-- values an administrator sets. Nothing here can be turned back into a password or a token; only the secrets of
-- access keys are recoverable (SigV4 needs them), and those are sealed in the vault. Does not break older servers.

create table users (
  id uuid primary key,
  name text not null,
  password_hash text not null,
  created_at timestamptz not null,
  last_sign_in_at timestamptz
);
-- AWS compares IAM user names without regard to case.
create unique index users_name_key on users (lower(name));

create table user_policies (
  user_id uuid not null references users (id) on delete cascade,
  policy_name text not null,
  primary key (user_id, policy_name)
);
create index user_policies_policy_name_idx on user_policies (policy_name);

create table sessions (
  -- SHA-256 of the cookie's value.
  id_hash text primary key,
  user_id uuid not null references users (id) on delete cascade,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  -- End of life however busy the session is; the idle limit counts from last_seen_at.
  expires_at timestamptz not null
);
create index sessions_user_id_idx on sessions (user_id, created_at);
create index sessions_expires_at_idx on sessions (expires_at);

-- Bearer tokens. Service `nephoscope` is our REST API.
create table service_specific_credentials (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  service_name text not null,
  name text not null,
  -- SHA-256; the value has 256 random bits, so a slow hash would add nothing.
  secret_hash text not null,
  hint text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz
);
create unique index service_specific_credentials_secret_hash_key on service_specific_credentials (secret_hash);
create index service_specific_credentials_user_id_idx on service_specific_credentials (user_id, service_name, created_at);

-- The secret lies in the vault under kind `access_key` and this id.
create table access_keys (
  id uuid primary key,
  access_key_id text not null,
  -- Null: the key of the account's root.
  user_id uuid references users (id) on delete cascade,
  created_at timestamptz not null
);
create unique index access_keys_access_key_id_key on access_keys (access_key_id);

create table settings (
  name text primary key,
  value jsonb not null,
  updated_at timestamptz not null,
  updated_by text not null
);
