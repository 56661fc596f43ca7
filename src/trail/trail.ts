import type { Kysely } from "kysely";
import type { Clock, Log, Random } from "../base/index.ts";
import type { AwsApi, TrailEventPage, TrailEventQuery, TrailRecorder } from "../contract/index.ts";
import { createRemovalTime, type Tables } from "../db/index.ts";
import type { TrailEvents } from "../telemetry/index.ts";
import { createTrailApi } from "./api/api.ts";
import type { Buckets } from "./delivery/buckets.ts";
import { deliverTrails } from "./delivery/delivery.ts";
import { findEvents } from "./find-events.ts";
import { createNotes } from "./notes.ts";
import type { RecordOrigin } from "./record.ts";
import { createRecorder } from "./recorder.ts";

export interface TrailDeps extends RecordOrigin {
  readonly db: { readonly kysely: Kysely<Tables> };
  readonly events: TrailEvents;
  readonly buckets: Buckets;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** How long records are kept and can be looked up. */
  readonly retentionDays: number;
}

export interface Trail {
  readonly recorder: TrailRecorder;
  /** Records of both categories, for the console and the CLI; throws `validation_failed`. */
  find(query: TrailEventQuery): Promise<TrailEventPage>;
  /** CloudTrail's operations. */
  readonly api: AwsApi;
  /** Writes what is due to the buckets of all trails; several processes may do so at the same time. */
  deliver(): Promise<void>;
  /** Drops records that are older than the retention, by whole days and not by a clock that has jumped ahead. */
  dropExpired(): Promise<void>;
  /** Writes the notes that wait. */
  flush(): Promise<void>;
  /** Notes that were lost since the start, because they came faster than they could be written. */
  lost(): number;
  /** Writes the notes that wait and takes no more. Safe to call twice. */
  close(): Promise<void>;
}

const dayMs = 86_400_000;
/** Room for some 10,000 notes. */
const notesBytesMax = 16 * 2 ** 20;

export function createTrail(deps: TrailDeps): Trail {
  const { db, events, buckets, clock, random, log, retentionDays } = deps;
  const origin = { accountId: deps.accountId, region: deps.region };
  const removalTime = createRemovalTime({ kysely: db.kysely, clock, log });
  const notes = createNotes({ write: events.write, clock, log, bytesMax: notesBytesMax });
  return {
    recorder: createRecorder({ events, notes, random, origin }),
    find: (query) => findEvents({ events, clock, retentionDays }, query),
    api: createTrailApi({ db, events, buckets, clock, origin, retentionDays }),
    deliver: () => deliverTrails({ db, events, buckets, clock, random, log, origin }),
    dropExpired: async () => {
      const days = await events.dropBefore((await removalTime()) - retentionDays * dayMs);
      if (days > 0) log.info("Audit records were dropped, as they are older than the retention.", { days });
    },
    flush: notes.flush,
    lost: notes.lost,
    close: notes.close,
  };
}
