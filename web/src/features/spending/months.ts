/** Months as AWS bills them: in UTC. */

export const monthOf = (at: number) => new Date(at).toISOString().slice(0, 7);

/** `2026-11` and what came `by` months before (below zero) or after it. */
export function shiftMonth(month: string, by: number): string {
  const [year = 1970, number = 1] = month.split("-").map(Number);
  return monthOf(Date.UTC(year, number - 1 + by, 1));
}

const title = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
export const monthTitle = (month: string) => title.format(Date.parse(`${month}-01T00:00:00Z`));
