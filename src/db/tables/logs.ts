import type { ColumnType, Generated, GeneratedAlways } from "kysely";

/** Tables owned by `logs`. */
export interface LogsTables {
  log_groups: LogGroupsTable;
  log_streams: LogStreamsTable;
  log_group_days: LogGroupDaysTable;
  log_positions: LogPositionsTable;
}

export type LogGroupClass = "STANDARD" | "INFREQUENT_ACCESS" | "DELIVERY";

export interface LogGroupsTable {
  id: GeneratedAlways<number>;
  name: string;
  created_at: Date;
  retention_days: number | null;
  bearer_enabled: boolean;
  deletion_protection: boolean;
  class: LogGroupClass;
  /** JSON goes in as text and comes out parsed. */
  tags: ColumnType<Record<string, string>, string, string>;
  stored_bytes: Generated<number>;
  deleted_at: ColumnType<Date | null, never, Date>;
}

export interface LogStreamsTable {
  id: GeneratedAlways<number>;
  group_id: number;
  name: string;
  created_at: Date;
  first_event_ms: ColumnType<number | null, never, number>;
  last_event_ms: ColumnType<number | null, never, number>;
  last_ingestion_ms: ColumnType<number | null, never, number>;
  deleted_at: ColumnType<Date | null, never, Date>;
}

export interface LogGroupDaysTable {
  group_id: number;
  day: number;
  events: number;
  bytes: number;
}

export interface LogPositionsTable {
  chore: "traffic" | "days" | "removal";
  done_to_ms: number;
}
