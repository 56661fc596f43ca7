import type { ColumnType } from "kysely";

/** JSON goes in as text, so that both engines treat arrays and objects alike, and comes out parsed. */
type Json<T> = ColumnType<T, string, string>;

/** Tables owned by `trail`. Extended by its migrations. */
export interface TrailTables {
  trails: TrailsTable;
}

export interface TrailsTable {
  name: string;
  s3_bucket_name: string;
  s3_key_prefix: string | null;
  include_global_service_events: boolean;
  is_multi_region: boolean;
  event_selectors: ColumnType<unknown, string | null, string | null>;
  advanced_event_selectors: ColumnType<unknown, string | null, string | null>;
  tags: Json<{ Key: string; Value: string }[]>;
  created_at: Date;
  is_logging: boolean;
  logging_started_at: Date | null;
  logging_stopped_at: Date | null;
  pauses: Json<{ fromMs: number; toMs: number | null }[]>;
  position: ColumnType<unknown, string | null, string | null>;
  attempted_at: Date | null;
  delivered_at: Date | null;
  delivery_error: string | null;
  leased_by: string | null;
  lease_until: Date | null;
}
