import type { Kysely } from "kysely";
import type { Clock, Log, Secret } from "../base/index.ts";
import type { Tables } from "./tables/index.ts";

/** The control plane, whichever engine holds it. */
export interface Database {
  readonly kind: "embedded" | "server";
  readonly kysely: Kysely<Tables>;
  /** pg-boss's way in; it shares the connections with Kysely. */
  readonly jobs: JobsConnection;
  /** One round trip; throws `store_unavailable`. */
  ping(): Promise<void>;
  /** Waits for the statement under way. Safe to call twice. */
  close(): Promise<void>;
}

/** The shape of pg-boss's `IDatabase`. Several statements may come in one text when there are no values. */
export interface JobsConnection {
  // biome-ignore lint/suspicious/noExplicitAny: pg-boss declares its rows so.
  executeSql(text: string, values?: unknown[]): Promise<{ rows: any[] }>;
}

export interface DatabaseOptions {
  /** A PostgreSQL connection string; without it the database is embedded. */
  readonly url?: Secret | string | undefined;
  /** The data directory; the embedded database lives in `control` below it. Without it: in memory, for tests. */
  readonly directory?: string | undefined;
  readonly log: Log;
  readonly clock: Clock;
  /** Most connections to a server. */
  readonly connectionsMax?: number;
}
