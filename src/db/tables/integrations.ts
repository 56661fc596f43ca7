import type { ColumnType } from "kysely";

/** JSON goes in as text, so that both engines treat arrays and objects alike, and comes out parsed. */
type Json<T> = ColumnType<T, string, string>;

/** Tables owned by `integrations`. Extended by its migrations. */
export interface IntegrationsTables {
  integrations: IntegrationsTable;
  runs: RunsTable;
  checkpoints: CheckpointsTable;
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
  api_calls: Json<Record<string, number>>;
  cost_usd: number;
  error: ColumnType<Record<string, unknown> | null, string | null, string | null>;
}

export interface CheckpointsTable {
  integration_id: string;
  scope: string;
  stored_to: Date;
  incomplete_tries: number;
}
