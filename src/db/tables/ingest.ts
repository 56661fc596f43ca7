import type { ColumnType } from "kysely";

/** Tables owned by `ingest`. */
export interface IngestTables {
  ingest_rejections: IngestRejectionsTable;
  ingest_claims: IngestClaimsTable;
}

export interface IngestRejectionsTable {
  group_name: string;
  key_id: string;
  reason: string;
  count: number;
  last_at: Date;
  last_sample: string;
}

export interface IngestClaimsTable {
  /** 64 bits, signed. As text where it goes in, since not every driver takes a bigint. */
  digest: ColumnType<number | bigint, string, never>;
  claimed_at: Date;
  stored: boolean;
}
