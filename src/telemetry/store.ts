import { Readable } from "node:stream";
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
  /** The same for rows that are TabSeparated text already, the fastest way in. */
  insertText(table: string, rows: Buffer): Promise<void>;
  /** A statement that is part of this program, without values. */
  command(statement: string): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** `insertText` is a way around the client, which would copy the text; without it the text goes through the client. */
export function createStore(
  client: ClickHouseClient,
  insertText: Store["insertText"] = (table, rows) => insertThroughClient(client, table, rows),
): Store {
  let closing: Promise<void> | undefined;
  return {
    select: async <Row>(
      statement: string,
      parameters: Parameters = {},
      limits: Partial<ReadLimits> = {},
    ): Promise<Row[]> => {
      try {
        const result = await client.query({
          query: `${statement}\n${limitsClause({ ...defaultReadLimits, ...limits })}`,
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
        await (Array.isArray(rows)
          ? client.insert({ table, values: rows, format: "JSONEachRow" })
          : client.insert({ table, values: rows as Readable, format: "TabSeparated" }));
      } catch (error) {
        throw mapWriteError(error);
      }
    },
    insertText: async (table, rows) => {
      try {
        await insertText(table, rows);
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

async function insertThroughClient(client: ClickHouseClient, table: string, rows: Buffer): Promise<void> {
  const values = Readable.from([rows], { objectMode: false });
  await client.insert({ table, values, format: "TabSeparated" });
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
