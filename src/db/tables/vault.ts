import type { ColumnType, Generated } from "kysely";

/** JSON goes in as text and comes out parsed. */
type Json<T> = ColumnType<T, string, string>;

/** Tables owned by `vault`. Extended by its migrations. */
export interface VaultTables {
  master_keys: { key_id: string; canary: Buffer; created_at: Date };
  data_keys: {
    id: string;
    kind: string;
    record_id: string;
    master_key_id: string;
    wrapped: Buffer;
    rotation_id: string | null;
    created_at: Date;
  };
  sealed_secrets: { data_key_id: string; field: string; version: number; sealed: Buffer };
  vault_rotations: {
    id: string;
    state: "running" | "finished" | "failed";
    done: number;
    total: number;
    started_at: Date;
    beat_at: Date;
    finished_at: Date | null;
    message: string | null;
  };
  external_ids: {
    id: string;
    created_at: Date;
    created_by: string;
    for_record: string | null;
    used_at: Date | null;
  };
  credentials: {
    id: string;
    name: string;
    description: string;
    method: string;
    region: string;
    settings: Json<unknown>;
    secrets: Json<Record<string, { version: number; updatedAt: string }>>;
    access_key_id_masked: string | null;
    key_fingerprint: string | null;
    status: "untested" | "ok" | "partial" | "failed";
    tested_at: Date | null;
    last_test: ColumnType<unknown, string | null, string | null>;
    read_only: boolean;
    version: number;
    created_at: Date;
    created_by: string;
    updated_at: Date;
    updated_by: string;
  };
  credential_tests: {
    id: Generated<number>;
    credential_id: string;
    overall: "ok" | "partial" | "failed";
    started_by: "manual" | "schedule";
    tested_at: Date;
    took_ms: number;
    failed_step: ColumnType<unknown, string | null, never>;
  };
}
