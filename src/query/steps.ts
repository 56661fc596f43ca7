const minute = 60;
const hour = 3_600;
const day = 86_400;

/** Widths that people read easily, and that divide a day or are days. */
const niceSteps = [
  1,
  5,
  10,
  30,
  minute,
  5 * minute,
  15 * minute,
  30 * minute,
  hour,
  3 * hour,
  6 * hour,
  12 * hour,
  day,
  7 * day,
  30 * day,
];

/**
 * The narrowest nice step that gives at most `bucketsMax` buckets and is no narrower than the period of the
 * points: below it, buckets without a point would tear the line apart.
 */
export function chooseStep(options: {
  rangeSeconds: number;
  periodSeconds: number;
  bucketsMax: number;
}): number {
  const narrowest = Math.max(options.rangeSeconds / options.bucketsMax, options.periodSeconds, 1);
  return niceSteps.find((step) => step >= narrowest) ?? Math.ceil(narrowest / day) * day;
}

/** The range widened to whole buckets, in seconds since the epoch; `to` stays exclusive. */
export function alignRange(
  range: { fromMs: number; toMs: number },
  stepSeconds: number,
): { fromSeconds: number; toSeconds: number } {
  const stepMs = stepSeconds * 1000;
  return {
    fromSeconds: Math.floor(range.fromMs / stepMs) * stepSeconds,
    toSeconds: Math.ceil(range.toMs / stepMs) * stepSeconds,
  };
}
