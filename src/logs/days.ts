import type { Clock } from "../base/index.ts";
import type { Database } from "../db/index.ts";
import { logEventOverheadBytes, type Telemetry } from "../telemetry/index.ts";
import { dayMs } from "./age-rules.ts";
import type { RemovalFailures } from "./removal-failures.ts";
import {
  type DayTotal,
  findPosition,
  keepDays,
  movePosition,
  refreshStoredBytes,
  replaceDay,
} from "./traffic-queries.ts";

/** Counting a day of a busy server takes seconds, so old ones are caught up with bit by bit. */
const daysPerTurn = 7;
const settlingMs = 600_000;

/**
 * Counts what is stored of each group by day of ingestion: the sizes of groups, and what retention looks at. A day that is over
 * is counted once more and then stays as it is, until something of it is deleted.
 */
export function createDaysChore(deps: {
  db: Pick<Database, "kysely">;
  telemetry: Pick<Telemetry, "logTraffic" | "logPurge">;
  failures: RemovalFailures;
  clock: Clock;
}): () => Promise<void> {
  const { clock, failures } = deps;
  const { kysely } = deps.db;
  const { logPurge } = deps.telemetry;
  return async () => {
    const now = clock.now();
    const settledDay = Math.floor((now - settlingMs) / dayMs);
    const stored = await logPurge.days();
    const doneTo = ((await findPosition(kysely, "days", now)) ?? 0) / dayMs;
    const due = stored.filter((day) => day >= doneTo).slice(0, daysPerTurn);
    for (const day of due) await failures.survive({ day }, () => countDay(deps, day));
    await keepDays(kysely, stored);
    await refreshStoredBytes(kysely);
    const next = due.length < daysPerTurn ? settledDay : Math.min(settledDay, due.at(-1)! + 1);
    await movePosition(kysely, "days", next * dayMs, now);
  };
}

/** Counts the day again and remembers it. */
export async function countDay(
  deps: { db: Pick<Database, "kysely">; telemetry: Pick<Telemetry, "logTraffic"> },
  day: number,
): Promise<DayTotal[]> {
  const rows = await deps.telemetry.logTraffic.day(day);
  const totals = rows.map(({ logGroupId, events, messageBytes }) => ({
    groupId: logGroupId,
    events,
    bytes: messageBytes + events * logEventOverheadBytes,
  }));
  await replaceDay(deps.db.kysely, day, totals);
  return totals;
}
