-- The last connection tests of each credential, newest with the highest id. New table only: older servers are not affected.

create table credential_tests (
  id bigint generated always as identity primary key,
  credential_id uuid not null references credentials (id) on delete cascade,
  overall text not null check (overall in ('ok', 'partial', 'failed')),
  started_by text not null check (started_by in ('manual', 'schedule')),
  tested_at timestamptz not null,
  took_ms double precision not null,
  -- The first step that failed: id, title, cause, rawCode and message; null when none did.
  failed_step jsonb
);
create index credential_tests_of on credential_tests (credential_id, id);
