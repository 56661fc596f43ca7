import { hasAccounts } from "../../accounts/settings.ts";
import type { CloudWatchConfig } from "./config.ts";

/** Of the time to the next run; the rest is for what is owed. */
const shareOfInterval = 0.8;

/** A run has a quarter of an hour altogether, and its last calls need some of it. */
const spreadMsMax = 10 * 60_000;

/** Regions that are pulled at a time, since their quotas are their own; more come after them. */
export const regionsAtOnce = 4;

/**
 * Over how long the calls of a region are spread: as long as the settings say, but never so long that the run meets the next
 * one. Regions that come one after the other share the time. A run over several accounts has minutes for each of them only,
 * and calls them one after the other anyway: there nothing waits.
 */
export function spreadMsOf(config: CloudWatchConfig, everyMs: number): number {
  if (hasAccounts(config)) return 0;
  const { threadDistributionInMins: minutes = 0, regions = [] } = config;
  const longest = Math.min(everyMs * shareOfInterval, spreadMsMax);
  const turns = Math.max(1, Math.ceil(regions.length / regionsAtOnce));
  return Math.min(minutes * 60_000, longest) / turns;
}

/** When each batch begins, the first at once and all at equal distances; epoch milliseconds. */
export function planStarts(batches: number, spreadMs: number, now: number): number[] {
  return Array.from({ length: batches }, (_, index) => now + Math.floor((index * spreadMs) / batches));
}
