import type { ColumnType, Generated } from "kysely";

/** JSON goes in as text, so that both engines treat arrays and objects alike, and comes out parsed. */
type Json<T> = ColumnType<T, string, string>;

/** Tables owned by `integrations`. Extended by its migrations. */
export interface IntegrationsTables {
  integrations: IntegrationsTable;
  runs: RunsTable;
  checkpoints: CheckpointsTable;
  integration_accounts: IntegrationAccountsTable;
  owed_windows: OwedWindowsTable;
  gaps: GapsTable;
  spending: SpendingTable;
}

export interface IntegrationsTable {
  id: string;
  name: string;
  service: string;
  config: Json<Record<string, unknown>>;
  role_arn: string;
  external_id: string;
  credential_id: string | null;
  reuse_external_id_credential: string | null;
  additional_tags: Json<Record<string, string>>;
  refresh_minutes: number;
  disabled: boolean;
  disabled_by_error: boolean;
  trashed_at: Date | null;
  created_at: Date;
  created_by: string;
  updated_at: Date;
  updated_by: string;
  last_received_point_at: Date | null;
  last_metric_count: number | null;
  last_processed_at: Date | null;
  last_processor_id: string | null;
  last_error: string | null;
  last_error_at: Date | null;
  last_error_event: ColumnType<Record<string, unknown> | null, string | null, string | null>;
  consecutive_failures: number;
  next_run_at: Date | null;
  paused_until: Date | null;
  paused_reason: string | null;
  paused_by: "integration" | "server" | null;
}

export interface RunsTable {
  id: string;
  integration_id: string;
  job_id: string;
  state: string;
  trigger: string;
  worker_id: string;
  started_at: Date;
  finished_at: Date | null;
  lease_until: Date;
  window_from: Date | null;
  window_to: Date | null;
  metrics_listed: number;
  series_stored: number;
  points_stored: number;
  points_added: Generated<number>;
  points_changed: Generated<number>;
  windows_paid: Generated<number>;
  windows_owed: Generated<number>;
  api_calls: Json<Record<string, number>>;
  cost_usd: number;
  error: ColumnType<Record<string, unknown> | null, string | null, string | null>;
}

export interface CheckpointsTable {
  integration_id: string;
  scope: string;
  started_at: Date;
  stored_to: Date;
  asked_at: Date;
  metrics: number;
  readings: Json<number[]>;
  trouble: ColumnType<Record<string, unknown> | null, string | null, string | null>;
  listing: ColumnType<Record<string, unknown> | null, string | null, string | null>;
  known_metrics: Uint8Array | null;
}

/** What owed windows and gaps have in common. */
interface WindowColumns {
  id: string;
  integration_id: string;
  scope: string;
  window_from: Date;
  window_to: Date;
  first_metric: string | null;
  last_metric: string | null;
  metrics: number;
  reason: string;
  detail: string;
}

export interface OwedWindowsTable extends WindowColumns {
  from_key: string | null;
  to_key: string | null;
  reading: number;
  tries: number;
  due_at: Date;
  owed_since: Date;
}

export interface GapsTable extends WindowColumns {
  recorded_at: Date;
}

export interface SpendingTable {
  /** `2026-11-21`; the drivers disagree about what a date is. */
  day: ColumnType<Date, string, never>;
  integration_id: string;
  credential_id: string;
  account_id: string;
  region: string;
  operation: string;
  calls: number;
  metrics_low: number;
  metrics_high: number;
  usd_low: number;
  usd_high: number;
  first_at: Date;
  last_at: Date;
}

export interface IntegrationAccountsTable {
  integration_id: string;
  account_id: string;
  name: string | null;
  role_arn: string | null;
  origin: string;
  state: string;
  last_error: string | null;
  last_error_at: Date | null;
  last_run_at: Date | null;
  last_data_at: Date | null;
  metrics: number | null;
}
