import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { ClickHouseClient } from "@clickhouse/client";
import { AppError } from "../base/index.ts";
import type { Parameters } from "./parameters.ts";
import { mapStoreError, mapWriteError } from "./store-errors.ts";

/** What a reading statement may use up before it is stopped. */
export interface ReadLimits {
  readonly timeMsMax: number;
  readonly resultRowsMax: number;
  readonly memoryBytesMax: number;
  /** Rows of a GROUP BY under way; absent means unbounded. */
  readonly groupsMax?: number;
}

export const defaultReadLimits: ReadLimits = {
  timeMsMax: 15_000,
  resultRowsMax: 100_000,
  memoryBytesMax: 800_000_000,
};

/** The engine as our statements see it, embedded or on a server. Throws AppErrors only. */
export interface Store {
  /** Values reach the statement through `{name:Type}` placeholders only. */
  select<Row>(statement: string, parameters?: Parameters, limits?: Partial<ReadLimits>): Promise<Row[]>;
  /** One INSERT; rows are objects, or text in ClickHouse's TabSeparated format. Durable when it resolves. */
  insert(table: string, rows: readonly object[] | Readable): Promise<void>;
  /** The same for rows that are TabSeparated text already, the fastest way in; somebody waits for it, so a server has less time. */
  insertText(table: string, rows: Buffer): Promise<void>;
  /** A statement that is part of this program, without values. */
  command(statement: string): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Formats of rows that this program writes. */
export type RowFormat = "JSONEachRow" | "TabSeparated";

/** A way in for rows, in whatever number of bytes. */
export interface RowInserts {
  insert(table: string, format: RowFormat, rows: Buffer): Promise<void>;
  /** The same for rows that nothing else may hold up. */
  insertUrgent(table: string, format: RowFormat, rows: Buffer): Promise<void>;
}

/**
 * Who sends log events waits for two inserts at most, the one under way and its own: together no longer than what collectors
 * of OpenTelemetry give a request.
 */
const urgentInsertTimeoutMs = 15_000;
/** What a server may take to say that a statement has used up its time. */
const readAnswerMs = 5_000;

/** `inserts` is a way around the client; without it rows go through the client. */
export function createStore(
  client: ClickHouseClient,
  {
    inserts,
    insertTimeoutMs = urgentInsertTimeoutMs,
  }: { inserts?: RowInserts; insertTimeoutMs?: number } = {},
): Store {
  let closing: Promise<void> | undefined;
  return {
    select: async <Row>(
      statement: string,
      parameters: Parameters = {},
      limits: Partial<ReadLimits> = {},
    ): Promise<Row[]> => {
      const allLimits = { ...defaultReadLimits, ...limits };
      try {
        const result = await client.query({
          query: `${statement}\n${limitsClause(allLimits)}`,
          abort_signal: AbortSignal.timeout(allLimits.timeMsMax + readAnswerMs),
          query_params: { ...parameters },
          format: "JSONEachRow",
        });
        return await result.json<Row>();
      } catch (error) {
        throw mapStoreError(error);
      }
    },
    insert: async (table, rows) => {
      try {
        if (Array.isArray(rows)) {
          if (inserts) await inserts.insert(table, "JSONEachRow", Buffer.from(jsonLines(rows)));
          else await client.insert({ table, values: rows, format: "JSONEachRow" });
        } else {
          const text = rows as Readable;
          if (inserts) await inserts.insert(table, "TabSeparated", await buffer(text));
          else await client.insert({ table, values: text, format: "TabSeparated" });
        }
      } catch (error) {
        throw mapWriteError(error);
      }
    },
    insertText: async (table, rows) => {
      try {
        if (inserts) return await inserts.insertUrgent(table, "TabSeparated", rows);
        const values = Readable.from([rows], { objectMode: false });
        const abort_signal = AbortSignal.timeout(insertTimeoutMs);
        await client.insert({ table, values, format: "TabSeparated", abort_signal });
      } catch (error) {
        throw mapWriteError(error);
      }
    },
    command: async (query) => {
      try {
        await client.command({ query });
      } catch (error) {
        throw mapWriteError(error);
      }
    },
    ping: async () => {
      // With `select`, so that wrong credentials count as "not reachable" too.
      const result = await client.ping({ select: true });
      if (result.success) return;
      throw new AppError("store_unavailable", { cause: result.error, detail: { store: "telemetry" } });
    },
    close: () => {
      closing ??= client.close();
      return closing;
    },
  };
}

function jsonLines(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}

/**
 * Limits travel in the statement, not as settings of the client: in the embedded engine a setting would
 * stay in force for whatever runs next in the same session.
 */
function limitsClause(limits: ReadLimits): string {
  const settings: Record<string, number | string> = {
    max_execution_time: limits.timeMsMax / 1000,
    timeout_overflow_mode: "'throw'",
    max_result_rows: limits.resultRowsMax,
    result_overflow_mode: "'throw'",
    max_memory_usage: limits.memoryBytesMax,
    ...(limits.groupsMax === undefined
      ? {}
      : { max_rows_to_group_by: limits.groupsMax, group_by_overflow_mode: "'throw'" }),
    output_format_json_quote_64bit_integers: 0,
    // A point's partition follows from its key, so rows of two partitions never replace each other.
    do_not_merge_across_partitions_select_final: 1,
  };
  const list = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  return `SETTINGS ${list.join(", ")}`;
}
