import type { Kysely } from "kysely";
import type { Tables } from "../db/index.ts";
import { type Arrival, widenStreams } from "./directory-queries.ts";

/** Keeps what came in until it is written, so that a request costs no statement of the control plane. */
export interface Arrivals {
  note(streamId: number, arrival: Arrival): void;
  /** Writes what was noted; after a failure it is kept for the next time. */
  flush(): Promise<void>;
  /**
   * Streams whose events came in when they were deleted and gone already: their writer had found them alive, and was stopped for
   * long. Whoever has removed the events takes them out.
   */
  readonly strays: Set<number>;
}

/** A chore finds the streams again whose notes were lost, so those beyond this wait for it. */
const streamsMax = 100_000;

export function createArrivals(kysely: Kysely<Tables>): Arrivals {
  let noted = new Map<number, Arrival>();
  const strays = new Set<number>();
  const note = (streamId: number, arrival: Arrival) => {
    const known = noted.get(streamId);
    if (!known && noted.size >= streamsMax) return;
    noted.set(streamId, known ? widen(known, arrival) : arrival);
  };
  const writeAll = async () => {
    const taken = [...noted];
    noted = new Map();
    try {
      for (const id of await widenStreams(kysely, taken)) strays.add(id);
    } catch (error) {
      for (const [streamId, arrival] of taken) note(streamId, arrival);
      throw error;
    }
  };
  let flushing = Promise.resolve();
  return {
    note,
    strays,
    flush: () => {
      flushing = flushing.catch(() => {}).then(writeAll);
      return flushing;
    },
  };
}

function widen(a: Arrival, b: Arrival): Arrival {
  return {
    first: Math.min(a.first, b.first),
    last: Math.max(a.last, b.last),
    ingestion: Math.max(a.ingestion, b.ingestion),
  };
}
