import type { ColumnType } from "kysely";

export interface ChangeCountersTable {
  family: string;
  /** The drivers give bigint as text. */
  count: ColumnType<string | number, number, number>;
}

/** Owned by the database area itself. */
export interface ChangeCountersTables {
  change_counters: ChangeCountersTable;
}
