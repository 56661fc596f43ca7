-- Trails: where audit records are delivered to, and how far that is. New table only: older servers are not affected.

create table trails (
  name text primary key,
  s3_bucket_name text not null,
  s3_key_prefix text,
  include_global_service_events boolean not null,
  is_multi_region boolean not null,
  -- One of the two says what is delivered; neither: all management events.
  event_selectors jsonb,
  advanced_event_selectors jsonb,
  tags jsonb not null,
  created_at timestamptz not null,
  is_logging boolean not null,
  logging_started_at timestamptz,
  logging_stopped_at timestamptz,
  -- Stretches of time between StopLogging and StartLogging that delivery may still have to pass over.
  pauses jsonb not null,
  -- Everything recorded up to there is delivered; null before the first StartLogging.
  position jsonb,
  attempted_at timestamptz,
  delivered_at timestamptz,
  delivery_error text,
  -- Who is delivering; another may take over when the lease is over.
  leased_by text,
  lease_until timestamptz
);
