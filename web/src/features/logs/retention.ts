/** The days for which AWS lets events be kept; listed here too, so that a page does not load every schema of the contract. */
const days = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const forever = "never";

/** `30 days`, `1 year`; null is for ever. */
export function retentionText(retentionDays: number | null): string {
  if (retentionDays === null) return "For ever";
  if (retentionDays === 1) return "1 day";
  const years = Math.round(retentionDays / 365.25);
  return retentionDays >= 365 && Math.abs(retentionDays - years * 365.25) < 6
    ? `${years} ${years === 1 ? "year" : "years"}`
    : `${retentionDays} days`;
}

export const retentionChoices = [
  { value: forever, label: "For ever" },
  ...days.map((count) => ({ value: String(count), label: retentionText(count) })),
];

export const retentionChoiceOf = (retentionDays: number | null) =>
  retentionDays === null ? forever : String(retentionDays);

export const retentionOfChoice = (choice: string | null) =>
  choice === null || choice === forever ? null : Number(choice);
