const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Each divides the next unit of time, so that buckets begin where people expect it. */
const steps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * secondMs),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * minuteMs),
  ...[1, 2, 3, 6, 12].map((hours) => hours * hourMs),
];

/** The shortest round step that cuts the range into so many buckets at most; multiples of a day for long ranges. */
export function chooseStepMs(fromMs: number, toMs: number, bucketsMax: number): number {
  const fits = (stepMs: number) => Math.ceil(toMs / stepMs) - Math.floor(fromMs / stepMs) <= bucketsMax;
  const found = steps.find(fits);
  if (found !== undefined) return found;
  let days = 1;
  while (!fits(days * dayMs) && days < 2 ** 30) days *= 2;
  return days * dayMs;
}
