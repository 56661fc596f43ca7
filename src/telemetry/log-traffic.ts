import type { Store } from "./store.ts";

/** What came in for a group; bytes are those of the messages in UTF-8. */
export interface LogTrafficRow {
  readonly logGroupId: number;
  /** Start of the minute of ingestion, or of the day; epoch milliseconds. */
  readonly fromMs: number;
  readonly events: number;
  readonly messageBytes: number;
}

/** Times of what came in for a stream, in epoch milliseconds. */
export interface StreamTrafficRow {
  readonly logStreamId: number;
  readonly first: number;
  readonly last: number;
  readonly ingestion: number;
}

/** Counts events by when they came in. Ranges are epoch milliseconds of ingestion, the end exclusive. */
export interface LogTraffic {
  minutes(fromMs: number, toMs: number): Promise<LogTrafficRow[]>;
  streams(fromMs: number, toMs: number): Promise<StreamTrafficRow[]>;
  /** What is stored of one day of ingestion (days since 1970), by group. */
  day(day: number): Promise<LogTrafficRow[]>;
  /** When the first event at or after this time came in; undefined when there is none. */
  nextArrival(fromMs: number): Promise<number | undefined>;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** A day of a busy server takes longer than a question of the console may. */
const limits = { timeMsMax: 120_000, resultRowsMax: 2_000_000 };

export function createLogTraffic(store: Store): LogTraffic {
  const counts = (stepMs: number, fromMs: number, toMs: number) =>
    store.select<LogTrafficRow>(
      `SELECT log_group_id AS logGroupId, intDiv(ingestion_time, {step:Int64}) * {step:Int64} AS fromMs,
        count() AS events, sum(length(message)) AS messageBytes
      FROM log_events
      WHERE ingestion_time >= {from:Int64} AND ingestion_time < {to:Int64}
      GROUP BY logGroupId, fromMs ORDER BY fromMs, logGroupId`,
      { step: stepMs, from: fromMs, to: toMs },
      limits,
    );
  return {
    minutes: (fromMs, toMs) => counts(minuteMs, fromMs, toMs),
    day: (day) => counts(dayMs, day * dayMs, (day + 1) * dayMs),
    streams: (fromMs, toMs) =>
      store.select<StreamTrafficRow>(
        `SELECT log_stream_id AS logStreamId, min(timestamp) AS first, max(timestamp) AS last,
          max(ingestion_time) AS ingestion
        FROM log_events
        WHERE ingestion_time >= {from:Int64} AND ingestion_time < {to:Int64}
        GROUP BY logStreamId ORDER BY logStreamId`,
        { from: fromMs, to: toMs },
        limits,
      ),
    nextArrival: async (fromMs) => {
      const [row] = await store.select<{ first: number; events: number }>(
        "SELECT min(ingestion_time) AS first, count() AS events FROM log_events WHERE ingestion_time >= {from:Int64}",
        { from: fromMs },
        limits,
      );
      return row && row.events > 0 ? row.first : undefined;
    },
  };
}
