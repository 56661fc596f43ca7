import type { Random } from "../base/index.ts";
import type { TrailRecorder } from "../contract/index.ts";
import type { TrailEvents } from "../telemetry/index.ts";
import type { Notes } from "./notes.ts";
import { type RecordOrigin, toRow } from "./record.ts";

export interface RecorderDeps {
  readonly events: Pick<TrailEvents, "write">;
  readonly notes: Pick<Notes, "add">;
  readonly random: Pick<Random, "uuid">;
  readonly origin: RecordOrigin;
}

export function createRecorder({ events, notes, random, origin }: RecorderDeps): TrailRecorder {
  return {
    begin: async (event) => {
      const eventId = random.uuid();
      await events.write([toRow(event, eventId, undefined, origin)]);
      return {
        finish: async (result) => {
          const row = toRow(event, eventId, result, origin);
          try {
            await events.write([row]);
          } catch (error) {
            // The call is made and its intent on record; the outcome follows as soon as the store takes it.
            notes.add(row);
            throw error;
          }
        },
      };
    },
    write: (event, result) => events.write([toRow(event, random.uuid(), result, origin)]),
    note: (event, result) => notes.add(toRow(event, random.uuid(), result, origin)),
  };
}
