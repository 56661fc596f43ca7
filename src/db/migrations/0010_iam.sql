-- IAM beside the console: users with the ids, paths and tags that AWS gives them, access keys of users, API keys with a
-- status, and policies that customers write. Ids of old rows are made here, of the same form as those made later.
-- Breaks older servers, which take every user to have a password.

alter table users
  add column iam_id text not null default 'AIDA' || upper(substr(replace(gen_random_uuid()::text, '-', ''), 1, 17)),
  add column path text not null default '/',
  add column tags jsonb not null default '{}',
  -- When the password was set first; AWS calls it the login profile.
  add column password_created_at timestamptz,
  -- Null: the user cannot sign in to the console.
  alter column password_hash drop not null;
update users set password_created_at = created_at;
create unique index users_iam_id_key on users (iam_id);

alter table access_keys
  add column status text not null default 'Active' check (status in ('Active', 'Inactive')),
  add column last_used_at timestamptz,
  add column last_used_service text,
  add column last_used_region text;
create index access_keys_user_id_idx on access_keys (user_id);

alter table service_specific_credentials
  add column credential_id text not null
    default 'ACCA' || upper(substr(replace(gen_random_uuid()::text, '-', ''), 1, 17)),
  -- The name inside a bearer token, by which it is looked up; null where the token holds none.
  add column alias text,
  add column status text not null default 'Active' check (status in ('Active', 'Inactive'));
create unique index service_specific_credentials_credential_id_key on service_specific_credentials (credential_id);
create unique index service_specific_credentials_alias_key on service_specific_credentials (service_name, alias);

-- Policies that customers write; AWS's own are part of the program.
create table policies (
  id uuid primary key,
  -- `ANPA…`, as clients see it.
  iam_id text not null,
  name text not null,
  path text not null,
  description text,
  default_version integer not null,
  -- Numbers of deleted versions are not given again.
  newest_version integer not null,
  tags jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index policies_iam_id_key on policies (iam_id);
create unique index policies_name_key on policies (lower(name));

create table policy_versions (
  policy_id uuid not null references policies (id) on delete cascade,
  version integer not null,
  -- As it was sent: AWS gives it back to the letter.
  document text not null,
  created_at timestamptz not null,
  primary key (policy_id, version)
);

create table user_inline_policies (
  user_id uuid not null references users (id) on delete cascade,
  name text not null,
  document text not null,
  primary key (user_id, name)
);

-- An attachment names either one of AWS's policies (`policy_name`) or a customer's (`policy_id`).
alter table user_policies drop constraint user_policies_pkey;
alter table user_policies
  alter column policy_name drop not null,
  add column policy_id uuid references policies (id),
  add constraint user_policies_one_policy check (num_nonnulls(policy_name, policy_id) = 1);
create unique index user_policies_name_key on user_policies (user_id, policy_name);
create unique index user_policies_policy_key on user_policies (user_id, policy_id);
create index user_policies_policy_id_idx on user_policies (policy_id);
