/** Months and days in UTC, as AWS bills them: `2026-11` and `2026-11-21`. */

export const dayMs = 24 * 3_600_000;

export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

export function monthOf(time: number): string {
  return new Date(time).toISOString().slice(0, 7);
}

/** Epoch milliseconds; start inclusive, end exclusive. */
export function boundsOfMonth(month: string): { start: number; end: number } {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return { start: Date.UTC(year, number - 1), end: Date.UTC(year, number) };
}

/** `2026-12-01 00:00 UTC`. */
export function formatTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** Cents, and hundredths of them where that is all there is. */
export function formatUsd(usd: number): string {
  return `$${usd.toFixed(usd !== 0 && Math.abs(usd) < 0.1 ? 4 : 2)}`;
}
