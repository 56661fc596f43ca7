import { type Kysely, sql } from "kysely";
import type { Clock, Log } from "../base/index.ts";
import type { Tables } from "./tables/index.ts";

/** How fast removal follows the clock at the most, in times the pace of real time; what is above one catches up with downtimes. */
const paceMax = 2;
/** Behind by less is not worth a line of log: a restart, or a clock that was set right. */
const behindMsMax = 3_600_000;

/**
 * The time by which data that is past its retention is removed for good; epoch milliseconds. It is that of the clock, but never
 * runs faster than twice the pace at which time really passes, over restarts and whatever number of processes: from one look at
 * the clock nobody can tell a downtime from a clock that was set years ahead. So a wrong clock makes data go too early by no more
 * than the time for which the server has run with it, and a downtime is caught up with in as long as it has lasted.
 */
export function createRemovalTime(deps: {
  kysely: Kysely<Tables>;
  clock: Clock;
  log: Log;
}): () => Promise<number> {
  const { kysely, clock, log } = deps;
  let last: { readonly removalMs: number; readonly at: number } | undefined;
  let isHeldBack = false;
  return async () => {
    const clockMs = clock.now();
    const at = clock.monotonic();
    const noted = await findNoted(kysely);
    const reached = [noted, last && last.removalMs + paceMax * (at - last.at)].filter(
      (ms) => ms !== undefined,
    );
    // Where nothing was ever removed there is nothing yet that a wrong clock could take.
    const removalMs = Math.min(clockMs, reached.length > 0 ? Math.max(...reached) : clockMs);
    if (noted === undefined || removalMs > noted) await note(kysely, removalMs);
    last = { removalMs, at };
    const isBehind = clockMs - removalMs > behindMsMax;
    if (isBehind && !isHeldBack)
      log.warn(
        "Removal of what is past its retention is held back: the clock is far ahead of the last removal, after a downtime or because it was set wrong. It follows at twice the pace of time.",
        { clock: new Date(clockMs).toISOString(), removalTime: new Date(removalMs).toISOString() },
      );
    isHeldBack = isBehind;
    return removalMs;
  };
}

async function findNoted(kysely: Kysely<Tables>): Promise<number | undefined> {
  const row = await kysely
    .selectFrom("log_positions")
    .select("done_to_ms")
    .where("chore", "=", "removal")
    .executeTakeFirst();
  return row?.done_to_ms;
}

/** Never backwards: after a start with a clock of 1970, catching up would take decades. */
async function note(kysely: Kysely<Tables>, removalMs: number): Promise<void> {
  await kysely
    .insertInto("log_positions")
    .values({ chore: "removal", done_to_ms: removalMs })
    .onConflict((conflict) =>
      conflict
        .column("chore")
        .doUpdateSet({ done_to_ms: sql`greatest(log_positions.done_to_ms, ${removalMs})` }),
    )
    .execute();
}
