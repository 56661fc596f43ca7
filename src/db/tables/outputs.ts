import type { ColumnType } from "kysely";

/** JSON goes in as text, so that both engines treat arrays and objects alike, and comes out parsed. */
type Json<T> = ColumnType<T, string, string>;

/** Tables owned by `outputs`. Extended by its migrations. */
export interface OutputsTables {
  metric_outputs: MetricOutputsTable;
  metric_output_targets: MetricOutputTargetsTable;
}

export interface MetricOutputsTable {
  integration_id: string;
  open_metrics: boolean;
  naming: Json<{ labels: "original" | "snake"; tags: boolean }>;
  updated_at: Date;
  updated_by: string;
}

export interface MetricOutputTargetsTable {
  integration_id: string;
  kind: "remote-write" | "otlp";
  url: string;
  send_changes: boolean;
  header_names: Json<string[]>;
  has_authorization: boolean;
  secret_version: number;
  sent_to: Date;
  position: ColumnType<unknown, string | null, string | null>;
  sent_points: number;
  dropped: Json<Record<string, number>>;
  last_sent_at: Date | null;
  last_error: string | null;
  last_error_at: Date | null;
  failures: number;
  retry_at: Date | null;
  leased_by: string | null;
  lease_until: Date | null;
}
