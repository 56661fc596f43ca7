import type { Spending } from "@nephoscope/contract";

export type SpendingGroup = Spending["groupBy"];

/** What the address of the spending page says. */
export interface SpendingSearch {
  /** `2026-11`; absent is the current month. */
  month?: string;
  by?: SpendingGroup;
}

/** Listed here too, so that reading an address does not load every schema of the contract. */
const groups: readonly unknown[] = ["integration", "credential", "account", "operation", "day"];

export function spendingSearchOf(search: Record<string, unknown>): SpendingSearch {
  const { month, by } = search;
  return {
    ...(typeof month === "string" && /^\d{4}-(0[1-9]|1[0-2])$/.test(month) ? { month } : {}),
    ...(by !== "integration" && groups.includes(by) ? { by: by as SpendingGroup } : {}),
  };
}
