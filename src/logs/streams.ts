import { AppError, type Clock, isStorable } from "../base/index.ts";
import { type ChangeCounters, type Database, isUniqueViolation } from "../db/index.ts";
import { findGroup, lockGroup } from "./group-queries.ts";
import { noSuchGroup, refuseWhenProtected } from "./groups.ts";
import { countDeletedStreams, insertStream, markStreamDeleted } from "./stream-queries.ts";

/** Changes of log streams. All throw `log_group_not_found`. */
export interface Streams {
  /** The name was checked by the caller. Throws `name_taken`. */
  create(groupName: string, streamName: string): Promise<void>;
  /** Its events are hidden at once, and removed by a chore. Throws `log_stream_not_found`, `deletion_protected`. */
  remove(groupName: string, streamName: string): Promise<void>;
}

export const noSuchStream = "The specified log stream does not exist.";

/** Readers leave the events of so many streams out one by one, until a chore has removed them. */
const deletedStreamsMax = 5_000;

export function createStreams(deps: {
  db: Pick<Database, "kysely">;
  counters: Pick<ChangeCounters, "change">;
  clock: Clock;
}): Streams {
  const { counters, clock } = deps;
  return {
    create: async (groupName, streamName) => {
      const group = await findGroup(deps.db.kysely, groupName);
      if (!group) throw new AppError("log_group_not_found", { message: noSuchGroup });
      if (!isStorable(streamName))
        throw new AppError("validation_failed", {
          message: "The name of a log stream holds no NUL and is valid Unicode.",
        });
      try {
        await insertStream(deps.db.kysely, {
          groupId: group.id,
          name: streamName,
          createdAt: new Date(clock.now()),
        });
      } catch (error) {
        if (!isUniqueViolation(error, "log_streams_name")) throw error;
        throw new AppError("name_taken", { message: "The specified log stream already exists" });
      }
    },
    remove: (groupName, streamName) =>
      counters.change("logs", async (transaction) => {
        const group = await lockGroup(transaction, groupName);
        if (!group) throw new AppError("log_group_not_found", { message: noSuchGroup });
        refuseWhenProtected(group);
        if ((await countDeletedStreams(transaction, group.id)) >= deletedStreamsMax)
          throw new AppError("store_unavailable", {
            message: `The events of ${deletedStreamsMax} deleted streams of this group are still being removed. Try again later.`,
          });
        const now = new Date(clock.now());
        const isDeleted =
          isStorable(streamName) && (await markStreamDeleted(transaction, group.id, streamName, now));
        if (!isDeleted) throw new AppError("log_stream_not_found", { message: noSuchStream });
      }),
  };
}
