import { type Clock, createComplaints, type Log } from "../base/index.ts";
import type { TrailEventRow } from "../telemetry/index.ts";

/** Records that wait in memory until they are written together; a crash may take those of the last second. */
export interface Notes {
  add(row: TrailEventRow): void;
  /** Writes all that wait; throws what the store throws, and then they go on waiting. */
  flush(): Promise<void>;
  /** How many did not fit since the start. */
  lost(): number;
  /** Writes what waits, once; then nothing is taken any more. Safe to call twice. */
  close(): Promise<void>;
}

export interface NotesDeps {
  readonly write: (rows: readonly TrailEventRow[]) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  /** Of the records' text, those included that are being written. */
  readonly bytesMax: number;
}

const flushEveryMs = 1_000;
const rowsPerWrite = 2_000;
/** What a row occupies besides its text. */
const rowBytes = 500;

export function createNotes({ write, clock, log, bytesMax }: NotesDeps): Notes {
  let waiting: TrailEventRow[] = [];
  let bytes = 0;
  let lost = 0;
  let lostWhenLogged = 0;
  let flushing: Promise<void> | undefined;
  let timer: Promise<void> | undefined;
  const closing = new AbortController();
  const complain = createComplaints({ clock, log });
  const lose = (count: number) => {
    lost += count;
    if (complain("Audit records of the use of API keys are lost.", { count: lost - lostWhenLogged }))
      lostWhenLogged = lost;
  };
  /** What waits now. What comes meanwhile waits for the next turn: else a busy server would write without a pause. */
  const writeAll = async () => {
    for (let left = waiting.length; left > 0; left -= rowsPerWrite) {
      const rows = waiting.slice(0, Math.min(left, rowsPerWrite));
      await write(rows);
      waiting = waiting.slice(rows.length);
      bytes -= rows.reduce((sum, row) => sum + sizeOf(row), 0);
    }
  };
  const flush = () => {
    flushing ??= writeAll().finally(() => {
      flushing = undefined;
    });
    return flushing;
  };
  /** Runs as long as something waits, so that an idle server has no timer. */
  const flushLater = async () => {
    while (waiting.length > 0 && !closing.signal.aborted) {
      await clock.sleep(flushEveryMs, closing.signal).catch(() => {});
      if (closing.signal.aborted) return;
      await flush().catch((error: unknown) => {
        complain("Audit records of the use of API keys cannot be written; it is tried again.", { error });
      });
    }
  };
  const wake = () => {
    timer ??= flushLater().finally(() => {
      timer = undefined;
      // What came between the last look and here would otherwise wait for the next note.
      if (waiting.length > 0 && !closing.signal.aborted) wake();
    });
  };
  return {
    add: (row) => {
      const size = sizeOf(row);
      if (closing.signal.aborted || bytes + size > bytesMax) return lose(1);
      bytes += size;
      waiting.push(row);
      wake();
    },
    flush,
    lost: () => lost,
    close: async () => {
      closing.abort();
      await timer;
      await flush().catch((error: unknown) => {
        log.error("Audit records of the use of API keys could not be written at the end.", {
          count: waiting.length,
          error,
        });
        lost += waiting.length;
        waiting = [];
      });
    },
  };
}

function sizeOf({ record }: TrailEventRow): number {
  return record.length + rowBytes;
}
