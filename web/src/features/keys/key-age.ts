/** How long keys live, as AWS's console offers it. */
const agesInDays = ["1", "5", "30", "90", "365"] as const;
export type AgeChoice = (typeof agesInDays)[number] | "custom" | "never";
export const ageChoices: { value: AgeChoice; label: string }[] = [
  ...agesInDays.map((value) => ({ value, label: value === "1" ? "1 day" : `${value} days` })),
  { value: "custom", label: "Until a date" },
  { value: "never", label: "Never expires (not recommended)" },
];

const dayMs = 86_400_000;
const ageDaysMost = 36_600;

/** Whole days until the end of a day, such as `2027-01-31`; a problem where that is no day ahead. */
export function daysUntil(date: string, now: number): { days: number } | { problem: string } {
  const end = Date.parse(`${date}T23:59:59`);
  if (Number.isNaN(end)) return { problem: "Choose a date." };
  const days = Math.floor((end - now) / dayMs);
  if (days < 1) return { problem: "Choose a date from tomorrow on." };
  return days > ageDaysMost ? { problem: "At most 36,600 days ahead." } : { days };
}

/** Days of a choice; null for never. Throws for a date that `daysUntil` refuses. */
export function ageDaysOf(choice: AgeChoice, date: string, now: number): number | null {
  if (choice === "never") return null;
  if (choice !== "custom") return Number(choice);
  const until = daysUntil(date, now);
  if ("problem" in until) throw new Error(until.problem);
  return until.days;
}

const warnedDays = 14;

/** Whether a key ends soon enough that its sender should be given another now. */
export function endsSoon(expiresAt: string | null, now: number): boolean {
  return expiresAt !== null && Date.parse(expiresAt) - now < warnedDays * dayMs;
}

/** A user's name that says what it is for and that nobody has yet, such as AWS's console suggests. */
export function suggestedUserName(taken: readonly string[]): string {
  const names = new Set(taken);
  if (!names.has("log-sender")) return "log-sender";
  let number = 2;
  while (names.has(`log-sender-${number}`)) number += 1;
  return `log-sender-${number}`;
}
