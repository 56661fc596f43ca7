import { type Clock, createBufferPool } from "../base/index.ts";
import { createGroupCommit } from "./group-commit.ts";
import {
  createLogEncoder,
  createLogSequence,
  type EncodedLogEvents,
  type LogEncoder,
  type LogEventsOrigin,
} from "./log-encoder.ts";
import type { Store } from "./store.ts";

/** The write side of log events. */
export interface LogEvents {
  /** `bytesExpected` saves growing while the rows are built. */
  encoder(origin: LogEventsOrigin, bytesExpected?: number): LogEncoder;
  /**
   * Stores the events of one request as a whole; they have survived a power failure when it resolves. Requests that come while
   * others are being written share one write. Throws `store_unavailable`, `storage_full`; then they may or may not be stored.
   */
  append(events: EncodedLogEvents): Promise<void>;
  /** Which of the keys came with events that are stored. */
  storedKeys(logGroupId: number, keys: readonly bigint[], sinceMs: number): Promise<Set<bigint>>;
}

/** One insert of this size takes some 50 ms; larger ones only make their senders wait longer. */
const groupBytesMax = 4 * 2 ** 20;
const pooledBytesMax = 32 * 2 ** 20;

export function createLogEvents(deps: { store: Store; clock: Clock; pickPrefix: () => number }): LogEvents {
  const { store } = deps;
  const sequence = createLogSequence(deps.pickPrefix);
  const pool = createBufferPool(pooledBytesMax);
  const insert = async (group: readonly EncodedLogEvents[]) => {
    if (group.length === 1) return store.insertText("log_events", group[0]!.rows);
    const joined = pool.take(group.reduce((bytes, { rows }) => bytes + rows.length, 0));
    try {
      let end = 0;
      for (const { rows } of group) end += rows.copy(joined, end);
      await store.insertText("log_events", joined.subarray(0, end));
    } finally {
      pool.give(joined);
    }
  };
  const commit = createGroupCommit<EncodedLogEvents>(insert, {
    itemsMax: groupBytesMax,
    atOnce: 2,
    sizeOf: (events) => events.rows.length,
    gather: { everyMs: 10, below: 2 * 2 ** 20, clock: deps.clock },
  });
  return {
    encoder: (origin, bytesExpected = 0) => createLogEncoder({ sequence, pool }, origin, bytesExpected),
    append: async (events) => {
      try {
        if (events.count > 0) await commit.write([events]);
      } finally {
        pool.give(events.buffer);
      }
    },
    storedKeys: async (logGroupId, keys, sinceMs) => {
      if (keys.length === 0) return new Set();
      const found = await store.select<{ key: string }>(
        `SELECT DISTINCT toString(idempotency_key) AS key FROM log_events
        WHERE log_group_id = {group:UInt32} AND ingestion_time >= {since:Int64}
          AND intDiv(ingestion_time, 86400000) >= intDiv({since:Int64}, 86400000)
          AND idempotency_key IN (SELECT toUInt64(arrayJoin({keys:Array(String)})))`,
        { group: logGroupId, since: sinceMs, keys: keys.map(String) },
      );
      return new Set(found.map(({ key }) => BigInt(key)));
    },
  };
}
