-- The vault: master keys (by id and canary only), wrapped data keys, sealed secrets, external IDs and
-- credentials. No column of these tables holds a secret in clear. First migration; nothing older reads it.

create table master_keys (
  key_id text primary key,
  -- A sealed constant: opening it proves that the key at hand is the key of this row.
  canary bytea not null,
  created_at timestamptz not null
);

create table data_keys (
  id uuid primary key,
  kind text not null,
  record_id text not null,
  master_key_id text not null references master_keys (key_id),
  wrapped bytea not null,
  -- The rotation that made this key; a rotation that was interrupted goes on with the others.
  rotation_id uuid,
  created_at timestamptz not null,
  constraint data_keys_record_unique unique (kind, record_id)
);
create index data_keys_master_key on data_keys (master_key_id);

create table sealed_secrets (
  data_key_id uuid not null references data_keys (id) on delete cascade,
  field text not null,
  -- Version of the secret as its owner counts it; part of what the ciphertext is bound to.
  version integer not null,
  sealed bytea not null,
  primary key (data_key_id, field)
);

create table vault_rotations (
  id uuid primary key,
  state text not null check (state in ('running', 'finished', 'failed')),
  done integer not null,
  total integer not null,
  started_at timestamptz not null,
  -- Renewed while it works; a running rotation without a recent beat was interrupted and may be taken over.
  beat_at timestamptz not null,
  finished_at timestamptz,
  message text
);
-- At most one rotation runs, whatever number of processes there is.
create unique index vault_rotations_one_running on vault_rotations (state) where state = 'running';

create table external_ids (
  id text primary key,
  created_at timestamptz not null,
  created_by text not null,
  -- Record it was made for, when that was known.
  for_record text,
  -- Set when a record that presents it was first saved; from then on it does not expire.
  used_at timestamptz
);
create index external_ids_unused on external_ids (created_at) where used_at is null;

create table credentials (
  id uuid primary key,
  name text not null,
  description text not null,
  method text not null,
  region text not null,
  -- Everything that is neither secret nor searched: role chain, endpoints, proxy, tags and the rest.
  settings jsonb not null,
  -- Which secrets there are: field → { version, updatedAt }. The values are in sealed_secrets.
  secrets jsonb not null,
  access_key_id_masked text,
  key_fingerprint text,
  status text not null check (status in ('untested', 'ok', 'partial', 'failed')),
  tested_at timestamptz,
  last_test jsonb,
  read_only boolean not null,
  version integer not null,
  created_at timestamptz not null,
  created_by text not null,
  updated_at timestamptz not null,
  updated_by text not null
);
create unique index credentials_name_unique on credentials (lower(name));
create index credentials_key_fingerprint on credentials (key_fingerprint) where key_fingerprint is not null;
create index credentials_tested_at on credentials (tested_at nulls first);
