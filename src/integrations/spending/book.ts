import type { Kysely } from "kysely";
import type { Clock } from "../../base/index.ts";
import type { Tables } from "../../db/index.ts";
import type { PricedCall } from "../types/integration-type.ts";
import { boundsOfMonth, dayMs, dayOf, monthOf } from "./calendar.ts";
import { addRows, deleteBefore, keyOf, type SpendingRow, sumOf } from "./queries.ts";

/** On whose behalf calls were made; null for none in particular. */
export interface Spender {
  readonly integrationId: string | null;
  readonly credentialId: string | null;
}

/**
 * The ledger of calls that cost money. What is added counts at once and is written with the next flush, which is every few
 * seconds: a process that is killed loses no more than that.
 */
export interface SpendingBook {
  add(spender: Spender, call: PricedCall): void;
  /**
   * Writes what was added; what could not be written stays for the next time. With `reread` it also learns what other
   * processes have spent, which it otherwise does only when there is something to write.
   */
  flush(options?: { reread?: boolean }): Promise<void>;
  /** Dollars of this month by the dear way of counting: all processes as of the last flush, and this one until now. */
  spentByAll(): number;
  /** What the integration has spent this month, as far as it is written. */
  spentBy(integrationId: string): Promise<number>;
  /** Forgets what is older than thirteen months. */
  purge(): Promise<void>;
}

const keptDays = 400;

export function createSpendingBook({ db, clock }: { db: Kysely<Tables>; clock: Clock }): SpendingBook {
  /** Not written yet; what a flush is writing stands in `writing` until it is known to be stored. */
  let pending = new Map<string, SpendingRow>();
  let writing = new Map<string, SpendingRow>();
  let stored = { month: "", usdHigh: 0 };
  let flushing: Promise<void> | undefined;

  function note(row: SpendingRow): void {
    const known = pending.get(keyOf(row));
    pending.set(keyOf(row), known ? merge(known, row) : row);
  }

  async function write(): Promise<void> {
    [writing, pending] = [pending, new Map()];
    const rows = [...writing.values()];
    const month = monthOf(clock.now());
    try {
      const usdHigh = await db.transaction().execute(async (transaction) => {
        await addRows(transaction, rows);
        return (await sumOf(transaction, daysOf(month))).usd.high;
      });
      stored = { month, usdHigh };
    } catch (error) {
      for (const row of rows) note(row);
      throw error;
    } finally {
      writing = new Map();
    }
  }

  const inMemory = (month: string) =>
    [...pending.values(), ...writing.values()]
      .filter(({ day }) => day.startsWith(month))
      .reduce((sum, { usd }) => sum + usd.high, 0);

  return {
    add: (spender, call) => note(toRow(spender, call, clock.now())),
    flush: async ({ reread = false } = {}) => {
      // Whoever asks while one is under way wants what was added since.
      while (flushing) await flushing.catch(() => {});
      if (pending.size === 0 && !reread) return;
      flushing = write().finally(() => {
        flushing = undefined;
      });
      await flushing;
    },
    spentByAll: () => {
      const month = monthOf(clock.now());
      return inMemory(month) + (stored.month === month ? stored.usdHigh : 0);
    },
    spentBy: async (integrationId) =>
      (await sumOf(db, { ...daysOf(monthOf(clock.now())), integrationId })).usd.high,
    purge: () => deleteBefore(db, dayOf(clock.now() - keptDays * dayMs)),
  };
}

/** The first day and that after the last. */
export function daysOf(month: string): { from: string; to: string } {
  const { start, end } = boundsOfMonth(month);
  return { from: dayOf(start), to: dayOf(end) };
}

function toRow({ integrationId, credentialId }: Spender, call: PricedCall, now: number): SpendingRow {
  return {
    day: dayOf(now),
    integrationId: integrationId ?? "",
    credentialId: credentialId ?? "",
    accountId: call.accountId,
    region: call.region,
    operation: call.operation,
    calls: call.calls,
    metricsRequested: call.metricsRequested,
    usd: call.usd,
    firstAt: now,
    lastAt: now,
  };
}

function merge(known: SpendingRow, row: SpendingRow): SpendingRow {
  const add = (a: SpendingRow["usd"], b: SpendingRow["usd"]) => ({
    low: a.low + b.low,
    high: a.high + b.high,
  });
  return {
    ...known,
    firstAt: Math.min(known.firstAt, row.firstAt),
    calls: known.calls + row.calls,
    metricsRequested: add(known.metricsRequested, row.metricsRequested),
    usd: add(known.usd, row.usd),
    lastAt: Math.max(known.lastAt, row.lastAt),
  };
}
