import type { Clock, Log, Random } from "../base/index.ts";
import type { TrailRecorder } from "../contract/index.ts";
import type { TrailEvents } from "../telemetry/index.ts";
import { createNotes } from "./notes.ts";
import type { RecordOrigin } from "./record.ts";
import { createRecorder } from "./recorder.ts";

export interface TrailDeps extends RecordOrigin {
  readonly events: TrailEvents;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface Trail {
  readonly recorder: TrailRecorder;
  /** Writes the notes that wait. */
  flush(): Promise<void>;
  /** Notes that were lost since the start, because they came faster than they could be written. */
  lost(): number;
  /** Writes the notes that wait and takes no more. Safe to call twice. */
  close(): Promise<void>;
}

/** Room for some 10,000 notes. */
const notesBytesMax = 16 * 2 ** 20;

export function createTrail(deps: TrailDeps): Trail {
  const { events, clock, random, log } = deps;
  const origin = { accountId: deps.accountId, region: deps.region };
  const notes = createNotes({ write: events.write, clock, log, bytesMax: notesBytesMax });
  return {
    recorder: createRecorder({ events, notes, random, origin }),
    flush: notes.flush,
    lost: notes.lost,
    close: notes.close,
  };
}
