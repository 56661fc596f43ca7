-- Reasons of rejected events are spelt with underscores, as those of rejected requests were: `event-missing` and
-- `event_missing` were counted apart. Older servers go on, and count under the old names.

insert into ingest_rejections (group_name, key_id, reason, count, last_at, last_sample)
  select group_name, key_id, replace(reason, '-', '_'), count, last_at, last_sample
  from ingest_rejections where reason like '%-%'
  on conflict (group_name, key_id, reason) do update set
    count = ingest_rejections.count + excluded.count,
    last_at = greatest(ingest_rejections.last_at, excluded.last_at),
    last_sample = case when excluded.last_at > ingest_rejections.last_at
      then excluded.last_sample else ingest_rejections.last_sample end;

delete from ingest_rejections where reason like '%-%';
